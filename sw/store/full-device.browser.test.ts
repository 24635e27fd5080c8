import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { awayUpTo } from '../engine/away.ts';
import { coldLeastMs, letColdLeave } from '../engine/leave-cold.ts';
import { newSyncState } from '../engine/local/new-sync-state.ts';
import { Device } from '../engine/testing/device.ts';
import { ModelServer } from '../engine/testing/model-server.ts';
import { accountStore } from './account-store.ts';
import { layVersion1 } from './testing/lay-version-1.ts';
// What version 1 wrote into its databases.
import recorded from './testing/version-1.json';

/** Part of the browser's storage with a quota of its own. */
interface Bucket {
  indexedDB: IDBFactory;
}
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<Bucket>;
  delete(name: string): Promise<void>;
}

const { storageBuckets } = navigator as unknown as { storageBuckets: StorageBuckets };
const usual = globalThis.indexedDB;
const quota = 6_000_000;
let bucket = '';

function storeIn(factory: IDBFactory): void {
  Object.defineProperty(globalThis, 'indexedDB', { value: factory, configurable: true });
}

beforeEach(async () => {
  bucket = newId(Date.now(), crypto);
  storeIn((await storageBuckets.open(bucket, { quota })).indexedDB);
});

afterEach(async () => {
  storeIn(usual);
  await storageBuckets.delete(bucket);
});

/** Text that does not compress. */
function noise(): string {
  const units = crypto.getRandomValues(new Uint16Array(30_000));
  return Array.from(units, (unit) => String.fromCharCode(1 + (unit % 0xd000))).join('');
}

async function filled(messages: number) {
  const server = new ModelServer();
  const device = new Device(server, accountStore('account'), 1);
  await device.sync();
  const [old, recent] = [device.newId(), device.newId()];
  for (let i = 0; i < messages; i++) await device.write(noise(), old);
  await device.sync();
  return { server, device, old, recent };
}

const writesMost = 200;

test('on a full device old messages that the server has make room for what a person writes', async () => {
  const { server, device, old, recent } = await filled(40);
  server.time += coldLeastMs + 1;
  await device.write('recent', recent);
  await device.sync();
  await letColdLeave(device.store);
  expect((await device.texts(old)).length).toBe(40);
  let written = 1;
  while ((await device.texts(old)).length > 0 && written < writesMost) {
    await device.write(noise(), recent);
    written += 1;
  }
  expect((await device.texts(old)).length).toBe(0);
  expect((await device.texts(recent)).length).toBe(written);
});

test('where nothing may leave, the write fails and leaves nothing behind', async () => {
  const { device, old } = await filled(40);
  let written = 40;
  let failure: unknown = null;
  while (failure === null && written < writesMost) {
    await device.write(noise(), old).then(
      () => {
        written += 1;
      },
      (error: unknown) => {
        failure = error;
      },
    );
  }
  expect(failure).toMatchObject({ name: 'QuotaExceededError' });
  expect((await device.texts(old)).length).toBe(written);
});

const day = 86_400_000;
const { long: oldId, own: recentId } = recorded.ids;
const { conversations, messages } = recorded.account;

/** What version 1 had of a conversation, and of so many long messages in it, the last written on that day. */
function restingSince(id: string, days: number, count: number) {
  const conversation = conversations.find((one) => one.id === id);
  const message = messages.find(({ base }) => base !== null);
  const home = { ...conversation, rank: 1, base: { ...conversation?.base, at: days * day, activity: count } };
  const long = Array.from({ length: count }, (_, i) => {
    const own = { id: newId(i, crypto), conversation: id };
    const base = { ...message?.base, ...own, text: noise(), pos: i + 1, seq: i + 1 };
    return { ...message, ...own, local: {}, rank: i + 1, base };
  });
  return { home, long };
}

/** A database of version 1 with so many long messages in an old and in a recent conversation; the id of the last old one. */
async function fullVersion1(old: number, recent: number): Promise<string | undefined> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('account', 1);
    request.onupgradeneeded = () => layVersion1(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const tx = db.transaction(['state', 'conversations', 'messages'], 'readwrite');
  tx.objectStore('state').put({ ...newSyncState('abcdefabcdef'), serverTime: 100 * day });
  const both = [restingSince(oldId, 1, old), restingSince(recentId, 99, recent)];
  for (const { home, long } of both) {
    tx.objectStore('conversations').put(home);
    for (const message of long) tx.objectStore('messages').put(message);
  }
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
  });
  db.close();
  return both[0]?.long.at(-1)?.id;
}

test('where there is no room for an update of the database, old messages that the server has are left out of it', async () => {
  const newest = await fullVersion1(60, 4);
  const store = accountStore('account');
  const [old, recent, home] = await store.read(async (stored) => [
    await stored.messagesOf(oldId),
    await stored.messagesOf(recentId),
    await stored.entity('conversation', oldId),
  ]);
  expect(recent.length).toBe(4);
  expect(old.length).toBe(0);
  expect(home).toMatchObject({ floor: 60, newest });
  expect(home && (await store.read((stored) => awayUpTo(stored, home)))).toBe(60);
});

test('an update of the database leaves nothing out while there is room', async () => {
  await fullVersion1(10, 5);
  const store = accountStore('account');
  expect((await store.read((stored) => stored.messagesOf(oldId))).length).toBe(10);
  expect(await store.read((stored) => stored.entity('conversation', oldId))).not.toHaveProperty('floor');
});
