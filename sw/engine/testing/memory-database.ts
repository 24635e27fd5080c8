import { accountStores, type StoredRecord, type StoreName, storeNames } from '../../../contract/account-stores.ts';
import type { Key } from '../../../contract/key-ranges.ts';
import { newSyncState } from '../local/new-sync-state.ts';
import type { Query, Tables } from '../local/tables.ts';
import { MemoryTable } from './memory-table.ts';

/** A transaction on a database in memory; only one may be open at a time. */
export interface MemoryTransaction {
  tables: Tables;
  /** Undoes all that it changed. */
  abort(): void;
  /** How many records it has put or removed so far. */
  changes(): number;
}

/** An account's database in memory. What is put is copied, and so is what is given; a transaction costs what it changes. */
export class MemoryDatabase {
  private readonly stores: Record<StoreName, MemoryTable>;

  /** Without a device it holds nothing at all. */
  constructor(device?: string) {
    const made = storeNames.map((name) => [name, new MemoryTable(accountStores[name])] as const);
    this.stores = Object.fromEntries(made) as Record<StoreName, MemoryTable>;
    if (device !== undefined) this.stores.state.set('sync', newSyncState(device));
  }

  /** The same as it is now, on another machine. */
  copy(): MemoryDatabase {
    const other = new MemoryDatabase();
    for (const name of storeNames) {
      for (const { key, record } of this.stores[name].entriesOf({})) other.stores[name].set(key, record);
    }
    return other;
  }

  /** All that is in a store now; not to be changed. */
  recordsOf<S extends StoreName>(store: S): StoredRecord<S>[] {
    return this.stores[store].entriesOf({}).map(({ record }) => record as StoredRecord<S>);
  }

  begin(): MemoryTransaction {
    const undo: { store: StoreName; key: Key; before: object | undefined }[] = [];
    let aborted = false;
    const set = (store: StoreName, key: Key, record: object | undefined) => {
      // Work under way does not notice at once that its transaction is gone.
      if (aborted) return;
      undo.push({ store, key, before: this.stores[store].set(key, record) });
    };
    const entries = (store: StoreName, query: Query = {}) => this.stores[store].entriesOf(query);
    const tables: Tables = {
      get: async <S extends StoreName>(store: S, key: Key) =>
        copyOf(this.stores[store].get(key)) as StoredRecord<S> | undefined,
      getAll: async <S extends StoreName>(store: S, query?: Query) =>
        entries(store, query).map(({ record }) => copyOf(record) as StoredRecord<S>),
      getAllKeys: async (store, query) => entries(store, query).map(({ key }) => key),
      count: async (store, query) => entries(store, query).length,
      put: (store, record, key = undefined) => {
        const under = key ?? this.stores[store].keyOf(record);
        if (under === undefined) throw new Error(`no key for a record in ${store}`);
        set(store, under, copyOf(record));
      },
      delete: (store, key) => {
        const gone =
          typeof key === 'object' && 'range' in key
            ? entries(store, { range: key.range }).map((one) => one.key)
            : [key];
        for (const one of [...gone]) set(store, one, undefined);
      },
    };
    return {
      tables,
      abort: () => {
        aborted = true;
        for (const { store, key, before } of undo.splice(0).reverse()) this.stores[store].set(key, before);
      },
      changes: () => undo.length,
    };
  }
}

function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) if (one !== undefined) copy[name] = copyOf(one);
  return copy as T;
}
