import type { SyncState } from '../../contract/database.ts';
import { entriesOf, refusedOf } from '../../contract/key-ranges.ts';
import { keyRange } from './key-range.ts';
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
  const byState = transaction.objectStore('outbox').index('state');
  const [state, messages, refused, entries] = await Promise.all([
    transaction.objectStore('state').get('sync'),
    byState.count(keyRange(entriesOf('message'))),
    byState.count(keyRange(refusedOf('message'))),
    byState.getAll(keyRange(entriesOf('conversation'))),
  ]);
  // A conversation that the server does not know yet goes with its messages: people would not count it.
  const changes = await Promise.all(
    entries
      .filter((entry) => entry.state !== 'refused')
      .map(async (entry) => entry.purge === true || (await conversations.get(entry.id))?.base != null),
  );
  return {
    state: state ?? null,
    waiting: messages - refused + changes.filter(Boolean).length,
    waitingMessages: messages - refused,
  };
}
