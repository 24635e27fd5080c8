import type { StoreName } from '../../contract/account-stores.ts';
import type { Bounds, Key } from '../../contract/key-ranges.ts';
import type { Query, Tables } from '../engine/local/tables.ts';

/** What a request is answered. */
export function asked<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function keyRange({ lower, upper, lowerOpen }: Bounds): IDBKeyRange {
  return IDBKeyRange.bound(lower, upper, lowerOpen ?? false);
}

/** What `read` says of each record from the end backwards: getAll knows no direction in every browser. */
function backwards<T>(
  source: IDBObjectStore | IDBIndex,
  range: IDBKeyRange | undefined,
  limit: number,
  read: (cursor: IDBCursorWithValue) => T,
): Promise<T[]> {
  const found: T[] = [];
  return new Promise((resolve, reject) => {
    const request = source.openCursor(range, 'prev');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor !== null) found.push(read(cursor));
      if (cursor === null || found.length >= limit) resolve(found);
      else cursor.continue();
    };
  });
}

/**
 * The stores of an account's database in one open IndexedDB transaction. Writes are not waited for: one that fails ends the
 * transaction, and with it the change.
 */
export function tablesIn(tx: IDBTransaction): Tables {
  const source = (store: StoreName, { index }: Query) =>
    index === undefined ? tx.objectStore(store) : tx.objectStore(store).index(index);
  const rangeOf = ({ range }: Query) => (range === undefined ? undefined : keyRange(range));
  return {
    get: (store, key) => asked(tx.objectStore(store).get(key)),
    getAll: (store, query = {}) =>
      query.direction === 'prev'
        ? backwards(source(store, query), rangeOf(query), query.limit ?? Number.POSITIVE_INFINITY, ({ value }) => value)
        : asked(source(store, query).getAll(rangeOf(query), query.limit)),
    getAllKeys: (store, query = {}) =>
      query.direction === 'prev'
        ? backwards(source(store, query), rangeOf(query), query.limit ?? Number.POSITIVE_INFINITY, primaryKey)
        : asked(source(store, query).getAllKeys(rangeOf(query), query.limit)),
    count: (store, query = {}) => asked(source(store, query).count(rangeOf(query))),
    put: (store, record, key) => void tx.objectStore(store).put(record, key),
    delete: (store, key) =>
      void tx.objectStore(store).delete(typeof key === 'object' && 'range' in key ? keyRange(key.range) : key),
  };
}

function primaryKey(cursor: IDBCursor): Key {
  return cursor.primaryKey as Key;
}
