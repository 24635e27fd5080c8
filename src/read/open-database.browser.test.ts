import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { accountVersion } from '../../contract/database.ts';
import { otherVersion, readFrom, readingFailed } from './open-database.ts';

const name = 'open-database-test';

/** A database as a worker of this version lays it out. */
async function laidOut(version: number): Promise<void> {
  const database = await openDB(name, version, {
    upgrade(made) {
      if (!made.objectStoreNames.contains('state')) made.createObjectStore('state', { keyPath: 'key' });
    },
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
  database.close();
}

const readState = () => readFrom(name, (database) => database.count('state'));

afterEach(() => deleteDB(name));

test('a page whose worker is of a later version lets go of the database, and says so instead of guessing', async () => {
  await laidOut(accountVersion);
  expect(await readState()).toBe(0);
  expect(otherVersion.value).toBe(false);
  // Would wait for ever if the page kept it open.
  await laidOut(accountVersion + 1);
  expect(await readState()).toBeUndefined();
  expect(otherVersion.value).toBe(true);
});

test('a page that is newer than its worker says so too, until the worker has caught up', async () => {
  await laidOut(accountVersion - 1);
  expect(await readState()).toBeUndefined();
  expect(otherVersion.value).toBe(true);
  await laidOut(accountVersion);
  expect(await readState()).toBe(0);
  expect(otherVersion.value).toBe(false);
  expect(readingFailed.value).toBe(false);
});
