/** What can be read of an index, or of a store, in the order of its keys. */
interface Source<T> {
  openCursor(range: IDBKeyRange | null, direction: 'prev'): Promise<Cursor<T> | null>;
  getAll(query: unknown): Promise<T[]>;
}
interface Cursor<T> {
  value: T;
  continue(): Promise<Cursor<T> | null>;
}

/** getAll takes a direction where there is getAllRecords, and is then far faster than a cursor. */
const knowsDirection = () => 'getAllRecords' in IDBObjectStore.prototype;

/** The last `most` records, in order, and whether there are more before them. */
export async function readLatest<T>(
  source: Source<T>,
  range: IDBKeyRange | null,
  most: number,
): Promise<{ records: T[]; more: boolean }> {
  const found = await fromTheEnd(source, range, most + 1);
  return { records: found.slice(0, most).reverse(), more: found.length > most };
}

/** The last `most` records, the last one first. */
export async function fromTheEnd<T>(source: Source<T>, range: IDBKeyRange | null, most: number): Promise<T[]> {
  if (knowsDirection()) return source.getAll({ query: range, count: most, direction: 'prev' });
  return oneByOne(source, range, most);
}

async function oneByOne<T>(source: Source<T>, range: IDBKeyRange | null, most: number): Promise<T[]> {
  const found: T[] = [];
  let cursor = await source.openCursor(range, 'prev');
  while (cursor !== null && found.length < most) {
    found.push(cursor.value);
    cursor = await cursor.continue();
  }
  return found;
}
