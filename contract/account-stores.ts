import type { StoreNames } from 'idb';
import type { AccountSchema } from './database.ts';

/** How a store of an account's database is keyed. */
export interface StoreDefinition {
  /** Absent: keys are given in order of writing. */
  key?: string | string[];
  indexes?: Record<string, { on: string | string[]; multiEntry?: true }>;
}

export type StoreName = StoreNames<AccountSchema>;
export type StoredRecord<S extends StoreName> = AccountSchema[S]['value'];

/** Every store of an account's database. */
export const accountStores: Record<StoreName, StoreDefinition> = {
  state: { key: 'key' },
  conversations: { key: 'id', indexes: { rank: { on: 'rank' }, trashRank: { on: 'trashRank' } } },
  messages: { key: 'id', indexes: { place: { on: ['conversation', 'rank'] } } },
  pages: { key: ['conversation', 'last', 'first'], indexes: { idEnds: { on: 'idEnds', multiEntry: true } } },
  outbox: { key: 'id', indexes: { order: { on: 'order' }, state: { on: ['kind', 'state'] } } },
  tombstones: { key: 'id' },
  drafts: { key: 'conversation' },
  quarantine: { key: 'id' },
  syncLog: {},
};

export const storeNames = Object.keys(accountStores) as StoreName[];

/** What is needed of a store, and of a database, that is being laid out. */
interface LayableStore {
  createIndex(name: string, on: string | string[], options: { multiEntry: boolean }): unknown;
}
interface Layable {
  createObjectStore(name: StoreName, options: { keyPath?: string | string[]; autoIncrement?: boolean }): LayableStore;
}

/** Makes these stores, with their indexes. */
export function layStores(database: Layable, names: readonly StoreName[]): void {
  for (const name of names) {
    const { key } = accountStores[name];
    const store = database.createObjectStore(name, key === undefined ? { autoIncrement: true } : { keyPath: key });
    layIndexes(store, name, Object.keys(accountStores[name].indexes ?? {}));
  }
}

/** Makes these indexes of a store. */
export function layIndexes(store: LayableStore, name: StoreName, indexes: readonly string[]): void {
  for (const index of indexes) {
    const definition = accountStores[name].indexes?.[index];
    if (definition) store.createIndex(index, definition.on, { multiEntry: definition.multiEntry ?? false });
  }
}
