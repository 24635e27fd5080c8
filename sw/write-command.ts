import type { Command, CommandError } from '../contract/page-messages.ts';
import { wellFormed } from '../contract/text.ts';
import { renameConversation, trashConversation } from './engine/change-conversation.ts';
import { keepDraft } from './engine/drafts.ts';
import { discardWaiting, retryRefused } from './engine/needs-attention.ts';
import type { Stored } from './engine/ports.ts';
import { purge } from './engine/purge.ts';
import type { Trigger } from './engine/sync-policy.ts';
import { writeMessage } from './engine/write-message.ts';
import type { Writing } from './engine/written-fields.ts';
import type { OpenAccount } from './open-accounts.ts';

/** Commands that write to the account's database and nothing else. */
export type Write = Extract<
  Command,
  { do: 'write-message' | 'rename' | 'trash' | 'restore' | 'purge' | 'keep-draft' | 'retry' | 'discard' }
>;

/** The page that asks, and all that are open. */
export interface Asking {
  page: string;
  open: ReadonlySet<string>;
}

/** Which sync a write asks for; a draft asks for none. */
export const triggerOf: Record<Write['do'], Trigger | null> = {
  'write-message': 'message',
  rename: 'title',
  trash: 'other',
  restore: 'other',
  purge: 'other',
  'keep-draft': null,
  retry: 'message',
  discard: 'other',
};

/** Does a write of this page in one durable transaction; the error if there was nothing to do it to. */
export async function write(
  { account, store }: OpenAccount,
  command: Write,
  from: Asking,
): Promise<CommandError | null> {
  // What is written without an account is an import when it later becomes somebody's: it was never used through the server.
  const writing: Writing = { now: Date.now(), origin: account.user === null ? 'import' : 'live' };
  return store.change('strict', (stored) => writeIn(stored, command, from, writing));
}

async function writeIn(
  stored: Stored,
  command: Write,
  { page, open }: Asking,
  writing: Writing,
): Promise<CommandError | null> {
  switch (command.do) {
    case 'write-message':
      if (wellFormed(command.text).trim() === '') return 'bad-command';
      await writeMessage(stored, { ...command, page }, writing);
      return null;
    case 'rename':
      return foundOrNot(await renameConversation(stored, command.conversation, command.title, writing));
    case 'trash':
    case 'restore':
      return foundOrNot(await trashConversation(stored, command.conversation, command.do === 'trash', writing));
    case 'purge':
      // Purged already is as good: the command may come twice.
      await purge(stored, 'conversation', command.conversation, writing);
      return null;
    case 'keep-draft':
      await keepDraft(stored, { ...command, page }, open);
      return null;
    case 'retry':
      return foundOrNot(await retryRefused(stored, command.id));
    case 'discard':
      await discardWaiting(stored, command.id, writing);
      return null;
  }
}

function foundOrNot(found: boolean): CommandError | null {
  return found ? null : 'not-found';
}
