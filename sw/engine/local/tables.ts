import type { StoredRecord, StoreName } from '../../../contract/account-stores.ts';
import { after, type Bounds, type Key } from '../../../contract/key-ranges.ts';

/** Which records: all of the store, or of an index, between bounds; ascending unless said otherwise. */
export interface Query {
  index?: string;
  range?: Bounds;
  limit?: number;
  direction?: 'next' | 'prev';
}

/**
 * The stores of one account's database in one open transaction. Reads see what was put before. What is given and taken is
 * a copy. Whoever holds it must wait for nothing but its own reads: anything else would let the transaction end early.
 */
export interface Tables {
  get<S extends StoreName>(store: S, key: Key): Promise<StoredRecord<S> | undefined>;
  getAll<S extends StoreName>(store: S, query?: Query): Promise<StoredRecord<S>[]>;
  /** The keys of the records, also where an index says which. */
  getAllKeys(store: StoreName, query?: Query): Promise<Key[]>;
  count(store: StoreName, query?: Query): Promise<number>;
  /** `key` only for a store whose records do not hold theirs. */
  put<S extends StoreName>(store: S, record: StoredRecord<S>, key?: number): void;
  delete(store: StoreName, key: Key | { range: Bounds }): void;
}

/** Stores whose records are named by an id. */
type Named = 'conversations' | 'messages' | 'outbox' | 'tombstones';

/** From so many on, asking for a whole stretch at once is tried before asking for each. */
const many = 20;

/** All that are there of these ids. */
export async function several<S extends Named>(
  tables: Tables,
  store: S,
  ids: Iterable<string>,
): Promise<Map<string, StoredRecord<S>>> {
  const wanted = [...new Set(ids)].sort();
  const found = new Map<string, StoredRecord<S>>();
  const keep = (record: StoredRecord<S> | undefined) => {
    if (record !== undefined) found.set(record.id, record);
  };
  const isAll = wanted.length >= many && (await stretch(tables, store, wanted, keep));
  const rest = isAll ? [] : wanted.filter((id) => !found.has(id));
  for (const record of await Promise.all(rest.map((id) => tables.get(store, id)))) keep(record);
  return found;
}

/** Reads what stands between the first and the last of these ids; false if that is much more than they are. */
async function stretch<S extends Named>(
  tables: Tables,
  store: S,
  sorted: readonly string[],
  keep: (record: StoredRecord<S>) => void,
): Promise<boolean> {
  const limit = sorted.length + many;
  const wanted = new Set(sorted);
  const records = await tables.getAll(store, { range: between(sorted), limit });
  for (const record of records) if (wanted.has(record.id)) keep(record);
  return records.length < limit;
}

/** Removes what is there of these ids: all at once where nothing else stands between them. */
export async function removeSeveral(tables: Tables, store: Named, ids: Iterable<string>): Promise<void> {
  const gone = new Set(ids);
  const range = between([...gone].sort());
  const there = gone.size < many ? null : await tables.getAllKeys(store, { range, limit: gone.size + 1 });
  if (there?.every((id) => gone.has(id as string))) tables.delete(store, { range });
  else for (const id of gone) tables.delete(store, id);
}

function between(sorted: readonly string[]): Bounds {
  return { lower: sorted[0] ?? '', upper: sorted.at(-1) ?? '' };
}

/** The records of a store in order of key, after that key; so many in memory at a time. */
export async function* inBatches<S extends 'messages' | 'pages'>(
  tables: Tables,
  store: S,
  from: Key,
  size = 20,
): AsyncGenerator<StoredRecord<S>[]> {
  let last = from;
  for (;;) {
    const batch = await tables.getAll(store, { range: after(last), limit: size });
    const end = batch.at(-1);
    if (end === undefined) return;
    yield batch;
    last = 'last' in end ? [end.conversation, end.last, end.first] : end.id;
  }
}
