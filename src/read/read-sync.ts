import type { SyncState } from '../../contract/database.ts';
import type { AccountDatabase } from './open-database.ts';

export interface SyncReading {
  state: SyncState | null;
  /** Messages and changes that wait to be sent. */
  waiting: number;
  /** How many of them are messages. */
  waitingMessages: number;
}

/** Where sync stands, and how much waits. */
export async function readSync(database: AccountDatabase): Promise<SyncReading> {
  const transaction = database.transaction(['state', 'outbox', 'conversations']);
  const conversations = transaction.objectStore('conversations');
  const [state, entries] = await Promise.all([
    transaction.objectStore('state').get('sync'),
    transaction.objectStore('outbox').getAll(),
  ]);
  const waiting = entries.filter((entry) => entry.state !== 'refused');
  const messages = waiting.filter((entry) => entry.kind === 'message');
  // A conversation that the server does not know yet goes with its messages: people would not count it.
  const changes = await Promise.all(
    waiting
      .filter((entry) => entry.kind === 'conversation')
      .map(async (entry) => entry.purge === true || (await conversations.get(entry.id))?.base != null),
  );
  return {
    state: state ?? null,
    waiting: messages.length + changes.filter(Boolean).length,
    waitingMessages: messages.length,
  };
}
