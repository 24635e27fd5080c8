import { layIndexes, layStores } from '../../contract/account-stores.ts';
import type { MessageRecord } from '../../contract/database.ts';
import { messagesIn } from '../engine/local/messages.ts';
import { asked, tablesIn } from './tables-in.ts';

const before = 'messages-before-pages';
const batchSize = 1_000;

/**
 * Takes a database of version 1, which had every message in a record of its own, to version 2, in the one transaction of
 * the upgrade: cut off, it is as it was. Only a batch of messages is in memory at a time.
 */
export async function layVersion2(database: IDBDatabase, transaction: IDBTransaction): Promise<void> {
  const old = transaction.objectStore('messages');
  // Dropping the old store as a whole costs less than deleting its records.
  old.name = before;
  layStores(database, ['messages', 'pages', 'syncLog']);
  layIndexes(transaction.objectStore('outbox'), 'outbox', ['state']);
  let range: IDBKeyRange | null = null;
  for (;;) {
    const records: MessageRecord[] = await asked(old.getAll(range, batchSize));
    const last = records.at(-1);
    if (last === undefined) break;
    // Anew for each batch: it remembers where every message is.
    await messagesIn(tablesIn(transaction)).putNew(records);
    range = IDBKeyRange.lowerBound(last.id, true);
  }
  database.deleteObjectStore(before);
}
