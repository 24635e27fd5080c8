import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { type AccountSchema, accountVersion, type MessageRecord, unsentRank } from '../../contract/database.ts';
import { newId } from '../../contract/ids.ts';
import { renameConversation } from '../engine/change-conversation.ts';
import type { Store } from '../engine/ports.ts';
import { Device, lostAnswer, lostRequest } from '../engine/testing/device.ts';
import { ModelServer } from '../engine/testing/model-server.ts';
import { accountStore } from './account-store.ts';

const names: string[] = [];

function newStore(): Store {
  const name = `test-${newId(Date.now(), crypto)}`;
  names.push(name);
  return accountStore(name);
}

afterEach(() => {
  for (const name of names.splice(0)) indexedDB.deleteDatabase(name);
});

async function twoDevices() {
  const server = new ModelServer();
  const a = new Device(server, newStore(), 1);
  const b = new Device(server, newStore(), 2);
  await a.sync();
  await b.sync();
  return { server, a, b, conversation: a.newId() };
}

test('messages written offline reach another device once, in order, through real databases', async () => {
  const { a, b, conversation } = await twoDevices();
  const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  for (const text of texts) await a.write(text, conversation);
  a.fates = [lostRequest, lostAnswer];
  await a.sync();
  await a.sync();
  expect(await a.sync()).toEqual({ is: 'done' });
  await b.sync();
  expect(await b.texts(conversation)).toEqual(texts);
  expect(await b.title(conversation)).toBe('message 0');
  expect(await a.outbox()).toEqual([]);
});

test('a rename on one device is seen on the other', async () => {
  const { a, b, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  await a.sync();
  await a.do((stored, writing) => renameConversation(stored, conversation, 'Renamed', writing));
  await a.sync();
  await b.sync();
  expect(await b.title(conversation)).toBe('Renamed');
});

test('a change that fails half-way leaves nothing behind', async () => {
  const store = newStore();
  const failing = store.change('strict', async (stored) => {
    stored.putDraft({ conversation: 'new', text: 'half' });
    await stored.state();
    throw new Error('half-way');
  });
  await expect(failing).rejects.toThrow('half-way');
  const db = await openDB<AccountSchema>(store.database);
  expect(await db.getAll('drafts')).toEqual([]);
  db.close();
});

test('a value that cannot be stored fails the change and leaves nothing behind', async () => {
  const store = newStore();
  const failing = store.change('strict', async (stored) => {
    stored.putDraft({ conversation: 'new', text: 'half' });
    stored.putQuarantined({ id: 'a function', row: () => 'cannot be cloned', at: 0 });
  });
  await expect(failing).rejects.toMatchObject({ name: 'DataCloneError' });
  expect(await store.change('strict', (stored) => stored.outbox())).toEqual([]);
  const db = await openDB<AccountSchema>(store.database);
  expect(await db.getAll('drafts')).toEqual([]);
  db.close();
});

test('the store makes way for a newer version of the database, and does not touch that', async () => {
  const store = newStore();
  const { device } = await store.read((stored) => stored.state());
  const newer = await openDB(store.database, accountVersion + 1);
  newer.close();
  const failing = store.read((stored) => stored.state());
  await expect(failing).rejects.toMatchObject({ name: 'VersionError' });
  expect(device).toMatch(/^[0-9a-z]{12}$/);
});

test('a database that was taken away is laid out again', async () => {
  const store = newStore();
  await store.change('strict', async (stored) => stored.putDraft({ conversation: 'new', text: 'gone' }));
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(store.database);
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  expect(await store.read(async (stored) => (await stored.state()).nextOrder)).toBe(1);
});

test('the page finds the messages of a conversation by place, unsent ones last', async () => {
  const store = newStore();
  const message = (id: string, conversation: string, rank: number): MessageRecord => ({
    kind: 'message',
    id,
    made: { conversation, role: 'user', parent: null, attempt: 0 },
    base: null,
    local: {},
    conversation,
    rank,
  });
  await store.change('strict', async (stored) => {
    stored.putEntity(message('late', 'one', unsentRank + 3));
    stored.putEntity(message('early', 'one', 7));
    stored.putEntity(message('other', 'one more', 9));
    stored.putEntity(message('middle', 'one', 8));
  });
  const found = await store.read((stored) => stored.messagesOf('one'));
  expect(found.map(({ id }) => id)).toEqual(['early', 'middle', 'late']);
  expect(await store.read((stored) => stored.lastUnsentRank('one'))).toBe(unsentRank + 3);
  expect(await store.read((stored) => stored.lastUnsentRank('none'))).toBeNull();
});
