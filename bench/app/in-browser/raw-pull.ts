export interface RawAsk {
  /** The database of the raw side; made where it is not there. */
  database: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface RawTaken {
  ms: number;
  fetchMs: number;
  rows: number;
}

/**
 * Runs in the worker: one fetch, one transaction, one put per row and one index for each list that is read. It does nothing
 * else that a device needs: no checks, no local changes, no guard against another worker.
 */
export async function rawPull({ database, path, headers, body }: RawAsk): Promise<RawTaken> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('conversation', { keyPath: 'id' }).createIndex('place', 'seq');
      opening.result.createObjectStore('message', { keyPath: 'id' }).createIndex('place', ['conversation', 'pos']);
      opening.result.createObjectStore('state');
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const began = performance.now();
  const response = await fetch(path, { method: 'POST', headers, body });
  const { changes, cursor } = await response.json();
  const fetched = performance.now();
  await new Promise<void>((resolve, reject) => {
    const tx = db.transaction(['conversation', 'message', 'state'], 'readwrite', { durability: 'relaxed' });
    const stores: Record<string, IDBObjectStore> = {
      conversation: tx.objectStore('conversation'),
      message: tx.objectStore('message'),
    };
    for (const row of changes) stores[row.kind]?.put(row);
    tx.objectStore('state').put(cursor, 'cursor');
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
    tx.commit();
  });
  const ended = performance.now();
  db.close();
  return { ms: ended - began, fetchMs: fetched - began, rows: changes.length };
}
