import { signal } from '@preact/signals';
import { newId } from '../../contract/ids.ts';
import { limits } from '../../contract/limits.ts';
import { noteChange } from '../changes.ts';
import { type AskError, ask } from '../commands.ts';
import { readFrom } from '../read/open-database.ts';
import { readNewestMessage } from '../read/read-messages.ts';
import { navigate, route } from '../route.ts';
import { callOff, type Draft, takeOut } from './drafts.ts';

/** The draft that is being stored as a message, and the time it began. */
export const storing = signal<{ draft: Draft; since: number } | null>(null);

/** The last message given to the worker: whoever wrote it wants to see it. */
export const lastWritten = signal<string | null>(null);

/** Why the last message was not stored; its text is still in the composer. */
export const notStored = signal<AskError | null>(null);

/** Has the draft stored as a message of a conversation, or of a new one; its text leaves the composer only then. */
export async function sendMessage(draft: Draft, conversation: string | null): Promise<void> {
  const typed = draft.text.value;
  const text = typed.trim();
  if (text === '' || text.length > limits.textCharacters || storing.value !== null) return;
  storing.value = { draft, since: Date.now() };
  notStored.value = null;
  try {
    callOff(draft);
    const id = newId(Date.now(), crypto);
    const into = conversation ?? newId(Date.now(), crypto);
    // Where it was typed, whatever account is in use by the time it is stored.
    const { database } = draft;
    const newest =
      conversation === null || database === undefined
        ? null
        : await readFrom(database, (open) => readNewestMessage(open, conversation));
    lastWritten.value = id;
    const answer = await ask(
      { do: 'write-message', id, conversation: into, parent: newest ?? null, text },
      { database },
    );
    if (!answer.ok) {
      notStored.value = answer.error;
      return;
    }
    takeOut(draft, typed, into);
    noteChange({ conversations: [into], all: false });
    const shown = route.value.page;
    if (conversation === null && (shown === 'new' || shown === 'list')) {
      navigate({ page: 'conversation', id: into }, shown === 'new' ? 'replace' : 'step');
    }
  } finally {
    storing.value = null;
  }
}
