import { afterEach, expect, test } from 'vitest';
import type { MessageRecord } from '../../contract/database.ts';
import { newId } from '../../contract/ids.ts';
import { seenFields } from '../../contract/overlay.ts';
import { handOver } from '../engine/hand-over.ts';
import type { Store } from '../engine/ports.ts';
import { takeUpSetAside } from '../engine/take-up-set-aside.ts';
import { Device, newDevice } from '../engine/testing/device.ts';
import { ModelServer } from '../engine/testing/model-server.ts';
import { accountStore } from './account-store.ts';
import { layVersion1 } from './testing/lay-version-1.ts';
// What version 1 wrote into its databases, and what its server had, as it was on 20 November 2026.
import recorded from './testing/version-1.json';

type Stores = Record<string, unknown[]>;
type RecordedMessage = { id: string; conversation: string; rank: number; base: { text: string } | null; local: object };

const names: string[] = [];

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(tx: IDBTransaction): Promise<unknown> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
  });
}

/** A database of version 1 with these records, open. */
async function version1(stores: Stores): Promise<IDBDatabase> {
  const name = `test-${newId(Date.now(), crypto)}`;
  names.push(name);
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => layVersion1(request.result);
  const db = await done(request);
  const tx = db.transaction(Object.keys(stores), 'readwrite');
  for (const [store, records] of Object.entries(stores)) for (const one of records) tx.objectStore(store).put(one);
  await committed(tx);
  return db;
}

async function closedVersion1(stores: Stores): Promise<string> {
  const db = await version1(stores);
  db.close();
  return db.name;
}

afterEach(async () => {
  for (const name of names.splice(0)) indexedDB.deleteDatabase(name);
});

const account = recorded.account as Stores;
const messages = (account.messages ?? []) as RecordedMessage[];

/** The texts of a conversation in order, as version 1 showed them. */
function textsBefore(conversation: string): unknown[] {
  const own = messages.filter((message) => message.conversation === conversation);
  return own.sort((a, b) => a.rank - b.rank).map((message) => seenFields(message as unknown as MessageRecord).text);
}

function serverBefore(): ModelServer {
  const server = new ModelServer();
  const { time, head, epochs, rows, gone } = recorded.server;
  Object.assign(server, { time, head, epochs });
  for (const row of rows) server.rows.set(row.id, row as never);
  for (const one of gone) server.gone.set(one.id, one as never);
  return server;
}

async function everything(store: Store) {
  return store.read(async (stored) => ({
    state: await stored.state(),
    conversations: await stored.everyEntity('conversation'),
    messages: new Map((await stored.everyEntity('message')).map((message) => [message.id, message])),
    outbox: await stored.outbox(),
    tombstones: await stored.everyTombstone(),
    drafts: await stored.everyDraft(),
    setAside: await stored.quarantined('', 100),
  }));
}

test('after the update everything is there as it was: texts in order, what waits, drafts, what was deleted', async () => {
  const store = accountStore(await closedVersion1(account));
  const now = await everything(store);
  expect(now.state).toEqual(account.state?.[0]);
  expect(now.conversations).toEqual(account.conversations);
  expect(now.messages.size).toBe(messages.length);
  for (const before of messages) expect(now.messages.get(before.id)).toEqual(before);
  expect(now.outbox).toEqual([...(account.outbox ?? [])].sort(byOrder));
  expect(now.tombstones).toHaveLength(account.tombstones?.length ?? 0);
  expect(now.drafts).toEqual(expect.arrayContaining(account.drafts ?? []));
  expect(now.setAside).toEqual(account.quarantine);
  for (const conversation of [recorded.ids.long, recorded.ids.own, recorded.ids.fresh]) {
    const texts = await store.read(async (stored) => (await stored.messagesOf(conversation)).map(seenFields));
    expect(texts.map(({ text }) => text)).toEqual(textsBefore(conversation));
  }
});

test('what an older version left waiting is sent by the newer one, once', async () => {
  const server = serverBefore();
  const device = new Device(server, accountStore(await closedVersion1(account)));
  const known = server.rows.size;
  expect(await device.sync()).toEqual({ is: 'done' });
  // Only what was refused waits for its writer.
  expect((await device.outbox()).map(({ id }) => id).sort()).toEqual(refused());
  const other = newDevice(server, 'other');
  await other.sync();
  for (const conversation of [recorded.ids.long, recorded.ids.own, recorded.ids.fresh]) {
    expect(await other.texts(conversation)).toEqual(textsBefore(conversation));
    expect(await device.texts(conversation)).toEqual(textsBefore(conversation));
  }
  expect(await other.title(recorded.ids.long)).toBe('Renamed offline');
  // The one whose answer was lost is there already; new are one message, a conversation and its two messages.
  expect(server.rows.size).toBe(known + 4);
  expect(server.gone.has(recorded.ids.given)).toBe(true);
});

function refused(): string[] {
  const { bad } = recorded.ids;
  return [bad, ...messages.filter(({ conversation }) => conversation === bad).map(({ id }) => id)].sort();
}

test('what the older version could not read is looked at again', async () => {
  const store = accountStore(await closedVersion1(account));
  expect((await everything(store)).state.knows).toBeUndefined();
  await takeUpSetAside(store, 1);
  const now = await everything(store);
  expect(now.state.knows).toBeDefined();
  expect(now.setAside).toEqual(account.quarantine);
});

test('what nobody wrote with the older version comes along with the newer', async () => {
  const server = serverBefore();
  const device = new Device(server, accountStore(await closedVersion1(account)));
  await handOver(accountStore(await closedVersion1(recorded.nobody as Stores)), device.store);
  await device.sync();
  const { first, second } = recorded.ids.nobody;
  expect(await device.texts(first)).toEqual(['one', 'three']);
  expect([...server.rows.values()].filter((row) => row.conversation === second).map(({ text }) => text)).toEqual([
    'two',
  ]);
  expect(await device.store.read((stored) => stored.draft('new'))).toMatchObject({
    text: 'half a thought\n\nnobody’s draft',
  });
});

/** Makes the upgrade's so manieth write fail, as a full disk or a killed worker does. */
async function failingAtWrite(number: number, work: () => Promise<unknown>): Promise<unknown> {
  const put = IDBObjectStore.prototype.put;
  let left = number;
  IDBObjectStore.prototype.put = function failing(...args: Parameters<typeof put>) {
    if (left-- <= 0) throw new DOMException('no room', 'QuotaExceededError');
    return put.apply(this, args);
  };
  try {
    return await work().catch((error: unknown) => error);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}

test('an update of the database that is cut off leaves it as it was, and is done at the next start', async () => {
  for (const number of [0, 1, 5]) {
    const name = await closedVersion1(account);
    const cut = await failingAtWrite(number, () => accountStore(name).read((stored) => stored.state()));
    expect(cut).toBeInstanceOf(DOMException);
    const before = await done(indexedDB.open(name));
    expect(before.version).toBe(1);
    expect(await done(before.transaction('messages').objectStore('messages').count())).toBe(messages.length);
    before.close();
    expect((await everything(accountStore(name))).messages.size).toBe(messages.length);
  }
});

test('a large database is updated a part at a time', async () => {
  const [message] = messages.filter(({ base }) => base !== null);
  const many = Array.from({ length: 3_000 }, (_, index) => {
    const id = newId(1_800_000_000_000 + index, crypto);
    return { ...message, id, rank: index + 1, base: { ...message?.base, id, pos: index + 1, seq: index + 1 } };
  });
  const name = await closedVersion1({ ...account, messages: many });
  const largest: number[] = [];
  const getAll = IDBObjectStore.prototype.getAll;
  IDBObjectStore.prototype.getAll = function counted(...args: Parameters<typeof getAll>) {
    const request = getAll.apply(this, args);
    request.addEventListener('success', () => largest.push(request.result.length));
    return request;
  };
  const store = accountStore(name);
  try {
    await store.read((stored) => stored.state());
  } finally {
    IDBObjectStore.prototype.getAll = getAll;
  }
  expect(Math.max(...largest)).toBeLessThanOrEqual(1_000);
  expect((await everything(store)).messages.size).toBe(3_000);
});

test('an older tab that reads the database lets go of it, and the update goes on', async () => {
  const open = await version1(account);
  let asked = 0;
  open.onversionchange = () => {
    asked += 1;
    open.close();
  };
  expect((await everything(accountStore(open.name))).messages.size).toBe(messages.length);
  expect(asked).toBe(1);
});

function byOrder(a: unknown, b: unknown): number {
  return (a as { order: number }).order - (b as { order: number }).order;
}
