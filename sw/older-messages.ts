import type { ProblemCode } from '../contract/database.ts';
import type { CommandError } from '../contract/page-messages.ts';
import type { HistoryServer } from './engine/ports.ts';
import { readOlder } from './engine/read-older.ts';
import { newStop } from './engine/stop.ts';
import type { Notices } from './notices.ts';
import type { OpenAccounts } from './open-accounts.ts';

export interface OlderParts {
  accounts: OpenAccounts;
  notices: Notices;
  server: HistoryServer;
  /** Runs one of these, or of the syncs, at a time. */
  alone(work: () => Promise<void>): Promise<void>;
}

/** How long a page of history may take, its answer included. */
const deadlineMs = 20_000;

const errors: Partial<Record<ProblemCode, CommandError>> = {
  network: 'offline',
  throttled: 'throttled',
  'signed-out': 'signed-out',
  'account-gone': 'no-sync',
};

/** Brings back, for a page, messages of a conversation that have left this device; the error if none came. */
export async function olderMessages(parts: OlderParts, conversation: string): Promise<CommandError | null> {
  const { accounts, notices, server, alone } = parts;
  let error: CommandError | null = null;
  await alone(async () => {
    const { account, store } = await accounts.current();
    if (account.user === null) return;
    const outcome = await readOlder(
      {
        store,
        server,
        user: account.user.id,
        time: { now: () => Date.now() },
        tell: notices.about(store.database),
        patience: { deadlineMs, stop: newStop() },
      },
      conversation,
    );
    if (outcome.is === 'failed') error = errors[outcome.problem] ?? 'server';
  });
  return error;
}
