import { type AnyRow, parseRow } from '../../../contract/entities.ts';
import { applyRows } from '../../../sw/engine/apply-rows.ts';
import { accountStore } from '../../../sw/store/account-store.ts';

export interface Applied {
  /** Checking and storing the rows, in milliseconds. */
  ours: number;
  /** Of it, checking them. */
  checked: number;
  /** One transaction with one put for each row and one index. */
  raw: number;
}

/**
 * Runs in a browser: stores rows in a new database as the worker does, in answers of these sizes, and plainly all at once.
 * `oursFirst` says which of the two comes first.
 */
export async function applyBoth(rows: string, sizes: number[], oursFirst: boolean): Promise<Applied> {
  const first = oursFirst ? await ours(rows, sizes) : null;
  const plain = await raw(rows);
  return { ...(first ?? (await ours(rows, sizes))), raw: plain };
}

async function ours(answer: string, sizes: number[]): Promise<Omit<Applied, 'raw'>> {
  const name = 'ours';
  const store = accountStore(name);
  await store.read((stored) => stored.state());
  const received: unknown[] = JSON.parse(answer);
  const began = performance.now();
  const rows = received.map(parseRow).filter((row): row is AnyRow => row !== null);
  const checked = performance.now() - began;
  if (rows.length !== received.length) throw new Error(`only ${rows.length} of ${received.length} rows are rows`);
  let from = 0;
  for (const size of sizes) {
    const page = rows.slice(from, from + size);
    await store.change('relaxed', (stored) => applyRows(stored, page, 0));
    from += size;
  }
  const took = performance.now() - began;
  await deleted(name);
  return { ours: took, checked };
}

/** The store lets its connection go when asked to. */
function deleted(name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
}

async function raw(answer: string): Promise<number> {
  const name = 'raw';
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => {
      const rows = opening.result.createObjectStore('rows', { keyPath: 'id' });
      rows.createIndex('place', ['conversation', 'pos']);
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const received: object[] = JSON.parse(answer);
  const began = performance.now();
  await new Promise((resolve, reject) => {
    const tx = db.transaction('rows', 'readwrite', { durability: 'relaxed' });
    for (const row of received) tx.objectStore('rows').put(row);
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
  });
  const took = performance.now() - began;
  db.close();
  await deleted(name);
  return took;
}
