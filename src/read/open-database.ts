import { signal } from '@preact/signals';
import { type IDBPDatabase, openDB } from 'idb';
import { type AccountSchema, accountVersion } from '../../contract/database.ts';

/** A database without the verbs that write; a read-write transaction is refused by lint. */
export type AccountDatabase = Omit<
  IDBPDatabase<AccountSchema>,
  'add' | 'put' | 'delete' | 'clear' | 'createObjectStore' | 'deleteObjectStore'
>;

/** The worker cannot say which database to read, or reading that failed. */
export const readingFailed = signal(false);

/** The worker lays the database out otherwise than this page knows: one of the two is of an older version. */
export const otherVersion = signal(false);

let current: { name: string; opening: Promise<AccountDatabase> } | null = null;

function forget(name: string): void {
  if (current?.name === name) current = null;
}

function expectAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
}

async function open(name: string): Promise<AccountDatabase> {
  const database = await openDB<AccountSchema>(name, undefined, {
    // The page never makes a database: where there is none, this ends without leaving one.
    upgrade: (_database, _old, _new, transaction) => {
      transaction.done.catch(expectAbort);
      transaction.abort();
    },
    blocking: (_current, _blocked, event) => {
      // The worker wants to upgrade it.
      (event.target as IDBDatabase).close();
      forget(name);
    },
    terminated: () => forget(name),
  });
  otherVersion.value = database.version !== accountVersion;
  if (otherVersion.value) {
    database.close();
    throw new DOMException('laid out by another version', 'VersionError');
  }
  return database;
}

async function connection(name: string): Promise<AccountDatabase> {
  if (current?.name !== name) {
    const before = current;
    const opening = open(name);
    // Who reads hears of it; until somebody does, another connection may have to be closed first.
    opening.catch(() => undefined);
    current = { name, opening };
    if (before) {
      const [old] = await Promise.allSettled([before.opening]);
      if (old.status === 'fulfilled') old.value.close();
    }
  }
  return current?.name === name ? current.opening : open(name);
}

/** Reads from the database of that name; undefined where it could not be read. */
export async function readFrom<T>(
  name: string,
  read: (database: AccountDatabase) => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const result = await read(await connection(name));
      readingFailed.value = false;
      return result;
    } catch (error) {
      // Closed under us, not there yet, or the disk failed: open it anew once.
      if (!(error instanceof DOMException)) throw error;
      forget(name);
    }
  }
  readingFailed.value = true;
  return undefined;
}
