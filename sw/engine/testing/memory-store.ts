import { storedOver } from '../local/stored-over.ts';
import type { Store, Stored } from '../ports.ts';
import { MemoryDatabase } from './memory-database.ts';

/** A failure of storage on purpose. */
export class StorageFailure extends Error {}

export interface MemoryStore extends Store {
  /** Makes the next change fail as it is to commit, as if the worker had been killed there. */
  failNextCommit(): void;
  /** How many changes were committed. */
  commits(): number;
}

/** An account's database in memory, with transactions that happen wholly or not at all, one after the other. */
export function memoryStore(device: string, contents = new MemoryDatabase(device)): MemoryStore {
  let turn: Promise<unknown> = Promise.resolve();
  let failNext = false;
  let commits = 0;

  function transaction<T>(work: (stored: Stored) => Promise<T>, ended: () => void): Promise<T> {
    const mine = turn.then(async () => {
      const { tables, abort } = contents.begin();
      const { stored, settled } = storedOver(tables);
      try {
        const result = await work(stored);
        await settled();
        ended();
        return result;
      } catch (error) {
        abort();
        throw error;
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    database: `memory-${device}`,
    isStorageFailure: (error) => error instanceof StorageFailure,
    failNextCommit() {
      failNext = true;
    },
    commits: () => commits,
    read: (work) => transaction(work, () => undefined),
    change: (_durability, work) =>
      transaction(work, () => {
        if (failNext) {
          failNext = false;
          throw new StorageFailure('the commit was made to fail');
        }
        commits += 1;
      }),
  };
}
