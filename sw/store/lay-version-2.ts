import { layIndexes, layStores } from '../../contract/account-stores.ts';
import { type ConversationRecord, type MessageRecord, type SyncState, unsentFrom } from '../../contract/database.ts';
import { isSettled } from '../../contract/paged-message.ts';
import { coldLeastMs } from '../engine/leave-cold.ts';
import { messagesIn } from '../engine/local/messages.ts';
import { asked, tablesIn } from './tables-in.ts';

const before = 'messages-before-pages';
const batchSize = 1_000;

/**
 * Takes a database of version 1, which had every message in a record of its own, to version 2, in the one transaction of
 * the upgrade: cut off, it is as it was. Only a batch of messages is in memory at a time. Where there is no room for both
 * versions of them, old ones that the server has can be left out, as if they had left the device.
 */
export async function layVersion2(
  database: IDBDatabase,
  transaction: IDBTransaction,
  taking: 'everything' | 'without old',
): Promise<void> {
  const old = transaction.objectStore('messages');
  // Dropping the old store as a whole costs less than deleting its records.
  old.name = before;
  layStores(database, ['messages', 'pages', 'syncLog']);
  layIndexes(transaction.objectStore('outbox'), 'outbox', ['state']);
  const resting = taking === 'everything' ? new Map<string, ConversationRecord>() : await restingLong(transaction);
  let range: IDBKeyRange | null = null;
  for (;;) {
    const records: MessageRecord[] = await asked(old.getAll(range, batchSize));
    const last = records.at(-1);
    if (last === undefined) break;
    // Anew for each batch: it remembers where every message is.
    await messagesIn(tablesIn(transaction)).putNew(records.filter((record) => !leaves(record, resting)));
    range = IDBKeyRange.lowerBound(last.id, true);
  }
  for (const home of resting.values()) {
    if (home.floor !== undefined) transaction.objectStore('conversations').put(home);
  }
  database.deleteObjectStore(before);
}

/** Conversations whose messages may leave, by id. */
async function restingLong(transaction: IDBTransaction): Promise<Map<string, ConversationRecord>> {
  const state: SyncState = await asked(transaction.objectStore('state').get('sync'));
  // Of a deleted account nothing would ever come back.
  const now = state.problem?.code === 'account-gone' ? null : state.serverTime;
  const records: ConversationRecord[] = await asked(transaction.objectStore('conversations').getAll());
  const rests = ({ base, rank = unsentFrom }: ConversationRecord) =>
    now !== null && base !== null && base.at < now - coldLeastMs && rank < unsentFrom;
  return new Map(records.filter(rests).map((record) => [record.id, record]));
}

/** Whether this message is left out; notes in its conversation that it is away. */
function leaves(record: MessageRecord, resting: ReadonlyMap<string, ConversationRecord>): boolean {
  const home = resting.get(record.conversation);
  if (home === undefined || !isSettled(record)) return false;
  if (record.rank > (home.floor ?? 0)) {
    home.floor = record.rank;
    home.newest = record.id;
  }
  return true;
}
