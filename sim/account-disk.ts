import type { Key } from '../contract/key-ranges.ts';
import { storedOver } from '../sw/engine/local/stored-over.ts';
import type { Tables } from '../sw/engine/local/tables.ts';
import type { Store, Stored } from '../sw/engine/ports.ts';
import { MemoryDatabase } from '../sw/engine/testing/memory-database.ts';
import { type Contents, type Disk, type Guard, StorageFailure } from './disk.ts';
import type { Life } from './life.ts';

/** What is in the database of an account. */
export class AccountContents implements Contents<Tables> {
  readonly database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.database = database;
  }

  copy = (): AccountContents => new AccountContents(this.database.copy());

  begin(guard: Guard): { open: Tables; abort(): void } {
    const { tables, abort } = this.database.begin();
    const after =
      <In extends unknown[], Out>(read: (...asked: In) => Promise<Out>) =>
      async (...asked: In): Promise<Out> => {
        await guard.reads();
        return read(...asked);
      };
    const open: Tables = {
      get: after(tables.get) as Tables['get'],
      getAll: after(tables.getAll) as Tables['getAll'],
      getAllKeys: after(tables.getAllKeys),
      count: after(tables.count),
      put(store, record, key?: number) {
        guard.writes();
        tables.put(store, record, key);
      },
      delete(store, key: Key | { range: { lower: Key; upper: Key } }) {
        guard.writes();
        tables.delete(store, key);
      },
    };
    return { open, abort };
  }
}

/** The database of one account on the disk of a browser. */
export type AccountDisk = Disk<Tables, AccountContents>;

/** A database that is new, of a device of this name. */
export const newContents = (device: string) => new AccountContents(new MemoryDatabase(device));

/** Runs the engine's work in one transaction on this disk. */
export function changeOn<T>(
  disk: AccountDisk,
  life: Life,
  work: (stored: Stored) => Promise<T>,
  kept?: (result: T) => void,
): Promise<T> {
  const settling = async (tables: Tables) => {
    const { stored, settled } = storedOver(tables);
    const result = await work(stored);
    await settled();
    return result;
  };
  return disk.run(life, settling, kept);
}

/** The database of one account as this worker has it open. */
export function storeOn(disk: AccountDisk, life: Life): Store {
  return {
    database: disk.name,
    isStorageFailure: (error) => error instanceof StorageFailure,
    read: (work) => changeOn(disk, life, work),
    change: (_durability, work) => changeOn(disk, life, work),
  };
}
