import { type EntityRecords, entityStores, type SyncState } from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import type { Stored } from '../engine/ports.ts';

function asked<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

/** All that are there of these keys, asked for together. */
async function several<T>(store: IDBObjectStore, keys: Iterable<string>): Promise<Map<string, T>> {
  const wanted = [...new Set(keys)];
  const found = await Promise.all(wanted.map((key) => asked<T | undefined>(store.get(key))));
  return new Map(
    wanted.flatMap((key, index) => {
      const record = found[index];
      return record === undefined ? [] : [[key, record] as const];
    }),
  );
}

/** Every key that begins with this conversation: numbers sort before arrays. */
function placesOf(conversation: string): IDBKeyRange {
  return IDBKeyRange.bound([conversation], [conversation, []]);
}

/**
 * An account's database as one open IndexedDB transaction. Writes are not waited for: one that fails ends the transaction,
 * and with it the change.
 */
export function storedIn(tx: IDBTransaction): Stored {
  const store = (name: string) => tx.objectStore(name);
  const place = () => store('messages').index('place');
  return {
    async state() {
      const state = await asked<SyncState | undefined>(store('state').get('sync'));
      if (state === undefined) throw new Error('the database has no sync state');
      return state;
    },
    putState: (state) => void store('state').put(state),

    entity: <K extends Kind>(kind: K, id: string) =>
      asked<EntityRecords[K] | undefined>(store(entityStores[kind]).get(id)),
    entities: (kind, ids) => several(store(entityStores[kind]), ids),
    everyEntity: (kind) => asked(store(entityStores[kind]).getAll()),
    putEntity: (record) => void store(entityStores[record.kind]).put(record),
    removeEntity: (kind, id) => void store(entityStores[kind]).delete(id),
    messagesOf: (conversation) => asked(place().getAll(placesOf(conversation))),
    async lastMessageRank(conversation) {
      const cursor = await asked<IDBCursor | null>(place().openKeyCursor(placesOf(conversation), 'prev'));
      return cursor === null ? null : ((cursor.key as [string, number])[1] ?? null);
    },

    outbox: () => asked(store('outbox').index('order').getAll()),
    outboxEntries: (ids) => several(store('outbox'), ids),
    putOutbox: (entry) => void store('outbox').put(entry),
    removeOutbox: (id) => void store('outbox').delete(id),

    tombstones: (ids) => several(store('tombstones'), ids),
    everyTombstone: () => asked(store('tombstones').getAll()),
    putTombstone: (tombstone) => void store('tombstones').put(tombstone),

    draft: (conversation) => asked(store('drafts').get(conversation)),
    everyDraft: () => asked(store('drafts').getAll()),
    putDraft: (draft) => void store('drafts').put(draft),
    removeDraft: (conversation) => void store('drafts').delete(conversation),
    putQuarantined: (row) => void store('quarantine').put(row),
  };
}
