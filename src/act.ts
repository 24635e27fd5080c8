import { signal } from '@preact/signals';
import type { Command } from '../contract/page-messages.ts';
import { noteChange } from './changes.ts';
import { type AskError, ask } from './commands.ts';

/** Why the last thing that someone pressed was not done. */
export const trouble = signal<AskError | null>(null);

/** Has the worker do what someone pressed, and says so where it was not done. */
export async function act(command: Command): Promise<boolean> {
  trouble.value = null;
  const answer = await ask(command);
  if (answer.ok) noteChange({ conversations: 'conversation' in command ? [command.conversation] : [], all: false });
  else trouble.value = answer.error;
  return answer.ok;
}
