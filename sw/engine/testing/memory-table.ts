import type { StoreDefinition } from '../../../contract/account-stores.ts';
import type { Bounds, Key } from '../../../contract/key-ranges.ts';
import type { Query } from '../local/tables.ts';
import { compareKeys } from './key-order.ts';

/** A record under one key of an index, or under its own. */
interface Entry {
  at: Key;
  key: Key;
  record: object;
}

/** One store in memory, its records in order of key and of every index. Records are never changed once they are in. */
export class MemoryTable {
  private readonly entries: Entry[] = [];
  private readonly indexes: Map<string, { on: string | string[]; entries: Entry[] }>;
  private readonly keyPath: string | string[] | undefined;

  constructor({ key, indexes = {} }: StoreDefinition) {
    this.keyPath = key;
    this.indexes = new Map(Object.entries(indexes).map(([name, { on }]) => [name, { on, entries: [] }]));
  }

  get(key: Key): object | undefined {
    return found(this.entries, { lower: key, upper: key })[0]?.record;
  }

  entriesOf({ index, range, limit, direction }: Query): readonly Entry[] {
    const entries = index === undefined ? this.entries : (this.indexes.get(index)?.entries ?? []);
    const within = range === undefined ? entries : found(entries, range);
    if (direction === 'prev') return within.slice(limit === undefined ? 0 : -limit).reverse();
    return limit === undefined ? within : within.slice(0, limit);
  }

  keyOf(record: object): Key | undefined {
    return this.keyPath === undefined ? undefined : valueAt(record, this.keyPath);
  }

  /** Puts the record in, or takes out what is there; gives back what was there before. */
  set(key: Key, record: object | undefined): object | undefined {
    const before = this.get(key);
    if (before !== undefined) {
      remove(this.entries, { at: key, key });
      for (const { on, entries } of this.indexes.values()) {
        for (const at of keysAt(before, on)) remove(entries, { at, key });
      }
    }
    if (record !== undefined) {
      insert(this.entries, { at: key, key, record });
      for (const { on, entries } of this.indexes.values()) {
        for (const at of keysAt(record, on)) insert(entries, { at, key, record });
      }
    }
    return before;
  }
}

function valueAt(record: object, path: string | string[]): Key | undefined {
  const at = (name: string) => (record as Record<string, Key | undefined>)[name];
  if (typeof path === 'string') return at(path);
  const parts = path.map(at);
  return parts.includes(undefined) ? undefined : (parts as Key[]);
}

/** An index on several properties has one key, one on a list has a key for each of its members. */
function keysAt(record: object, on: string | string[]): Key[] {
  const value = valueAt(record, on);
  if (value === undefined) return [];
  return typeof on === 'string' && Array.isArray(value) ? value : [value];
}

function compare(a: Pick<Entry, 'at' | 'key'>, b: Pick<Entry, 'at' | 'key'>): number {
  return compareKeys(a.at, b.at) || compareKeys(a.key, b.key);
}

/** The first place in `entries` that is not before. */
function firstNot(entries: readonly Entry[], before: (entry: Entry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(entries[middle] as Entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function found(entries: readonly Entry[], { lower, upper, lowerOpen }: Bounds): readonly Entry[] {
  const from = firstNot(entries, ({ at }) => compareKeys(at, lower) < (lowerOpen ? 1 : 0));
  const to = firstNot(entries, ({ at }) => compareKeys(at, upper) <= 0);
  return entries.slice(from, to);
}

function insert(entries: Entry[], entry: Entry): void {
  entries.splice(
    firstNot(entries, (other) => compare(other, entry) < 0),
    0,
    entry,
  );
}

function remove(entries: Entry[], entry: Pick<Entry, 'at' | 'key'>): void {
  entries.splice(
    firstNot(entries, (other) => compare(other, entry) < 0),
    1,
  );
}
