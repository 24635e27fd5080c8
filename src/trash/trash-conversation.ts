import { signal } from '@preact/signals';
import { act } from '../act.ts';
import { standing } from '../standing.ts';

/** The conversation that was just put into the trash, as long as undoing is offered. */
export const justTrashed = signal<{ id: string; title: string; database: string | undefined } | null>(null);

/** Puts a conversation into the trash and offers to undo it. */
export async function trashConversation(id: string, title: string): Promise<void> {
  const database = standing.peek()?.database;
  if (await act({ do: 'trash', conversation: id })) justTrashed.value = { id, title, database };
}

/** Takes a conversation out of the trash. */
export async function restoreConversation(id: string): Promise<boolean> {
  const done = await act({ do: 'restore', conversation: id });
  if (done && justTrashed.value?.id === id) justTrashed.value = null;
  return done;
}

/** Deletes a conversation for good. */
export async function purgeConversation(id: string): Promise<boolean> {
  if (justTrashed.value?.id === id) justTrashed.value = null;
  return act({ do: 'purge', conversation: id });
}
