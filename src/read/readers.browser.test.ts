import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountVersion } from '../../contract/database.ts';
import {
  accountFixture,
  page,
  syncedConversation,
  syncedMessage,
  testId,
  unsentMessage,
} from '../testing/account-fixture.ts';
import { otherVersion, readFrom, readingFailed } from './open-database.ts';
import { readConversation } from './read-conversation.ts';
import { readConversationList } from './read-conversation-list.ts';
import { readMessages, readNewestMessage } from './read-messages.ts';
import { readSync } from './read-sync.ts';
import { readTrash } from './read-trash.ts';

let account: Awaited<ReturnType<typeof accountFixture>>;
beforeEach(async () => {
  account = await accountFixture();
});
afterEach(() => account.remove());

const one = testId(1);

test('the list gives the newest conversations first, twenty at a time, and says whether there are more', async () => {
  for (let i = 1; i <= 25; i++) await account.conversation(syncedConversation(testId(i), `number ${i}`, i));
  const first = await readConversationList(account.database, 20);
  expect(first.conversations.map((conversation) => conversation.title).slice(0, 2)).toEqual(['number 25', 'number 24']);
  expect(first.conversations).toHaveLength(20);
  expect(first.more).toBe(true);
  const all = await readConversationList(account.database, 40);
  expect([all.conversations.length, all.more]).toEqual([25, false]);
});

test('a row shows what was just written, and otherwise what the server says', async () => {
  await account.conversation(syncedConversation(one, 'one', 10));
  await account.message(syncedMessage(testId(100), one, 'older, here', 4));
  const row = async () => (await readConversationList(account.database, 20)).conversations[0];
  expect((await row())?.preview).toBe('preview of one');
  await account.unsent(unsentMessage(testId(102), one, 'just written', 1), 'waiting');
  expect(await row()).toMatchObject({ preview: 'just written', waiting: 1, refused: false });
});

test('a row counts what waits and says when something was refused', async () => {
  await account.conversation(syncedConversation(one, 'one', 10));
  await account.unsent(unsentMessage(testId(101), one, 'a', 1), 'waiting');
  await account.unsent(unsentMessage(testId(102), one, 'b', 2), 'sending');
  await account.unsent(unsentMessage(testId(103), one, 'c', 3), 'refused');
  expect((await readConversationList(account.database, 20)).conversations[0]).toMatchObject({
    waiting: 2,
    refused: true,
  });
});

test('messages come oldest first, unsent ones last, and only those of the conversation', async () => {
  await account.unsent(unsentMessage(testId(103), one, 'third', 1), 'waiting');
  await account.message(syncedMessage(testId(102), one, 'second', 9));
  await account.message(syncedMessage(testId(101), one, 'first', 2));
  await account.message(syncedMessage(testId(104), testId(2), 'elsewhere', 5));
  const shown = await readMessages(account.database, one, 50);
  expect(shown.messages.map((message) => [message.text, message.state])).toEqual([
    ['first', 'sent'],
    ['second', 'sent'],
    ['third', 'saved'],
  ]);
  expect(shown.older).toBe(false);
  expect(await readNewestMessage(account.database, one)).toBe(testId(103));
});

test('of a long conversation the newest page is read, and it says that there are older ones', async () => {
  for (let i = 1; i <= 60; i++) await account.message(syncedMessage(testId(100 + i), one, `message ${i}`, i));
  const page = await readMessages(account.database, one, 50);
  expect([page.messages.length, page.messages[0]?.text, page.older]).toEqual([50, 'message 11', true]);
  const all = await readMessages(account.database, one, 100);
  expect([all.messages.length, all.older]).toEqual([60, false]);
  const exact = await readMessages(account.database, one, 60);
  expect([exact.messages.length, exact.older]).toEqual([60, false]);
});

test('pages of history and what stands apart are read as one', async () => {
  const text = (i: number): [string, string, number] => [testId(100 + i), `message ${i}`, i];
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  await account.page(page(one, numbers(1, 40).map(text)));
  await account.page(page(one, numbers(42, 60).map(text)));
  await account.page(page(testId(2), numbers(70, 75).map(text)));
  await account.message(syncedMessage(testId(141), one, 'message 41', 41));
  await account.message(syncedMessage(testId(161), one, 'message 61', 61));
  await account.unsent(unsentMessage(testId(162), one, 'message 62', 1), 'waiting');
  const texts = async (most: number) =>
    (await readMessages(account.database, one, most)).messages.map(({ text }) => text);
  expect(await texts(100)).toEqual(numbers(1, 62).map((i) => `message ${i}`));
  expect(await texts(22)).toEqual(numbers(41, 62).map((i) => `message ${i}`));
  expect(await readMessages(account.database, one, 62)).toMatchObject({ older: false, away: false });
  expect(await readMessages(account.database, one, 61)).toMatchObject({ older: true });
  expect(await readMessages(account.database, one, 21)).toMatchObject({ older: true });
  expect(await readNewestMessage(account.database, testId(2))).toBe(testId(175));
});

test('a browser that cannot read from the end gives the same', async () => {
  for (let i = 1; i <= 25; i++) await account.conversation(syncedConversation(testId(i), `number ${i}`, i));
  const texts = Array.from({ length: 60 }, (_, i): [string, string, number] => [
    testId(100 + i),
    `message ${i}`,
    i + 1,
  ]);
  await account.page(page(one, texts.slice(0, 30)));
  await account.page(page(one, texts.slice(30)));
  await account.message(syncedMessage(testId(200), one, 'last', 61));
  const read = async () => [
    await readConversationList(account.database, 20),
    await readMessages(account.database, one, 50),
    await readMessages(account.database, one, 61),
  ];
  const able = await read();
  const known = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'getAllRecords');
  Reflect.deleteProperty(IDBObjectStore.prototype, 'getAllRecords');
  try {
    expect(await read()).toEqual(able);
  } finally {
    if (known) Object.defineProperty(IDBObjectStore.prototype, 'getAllRecords', known);
  }
});

test('a conversation says that its older messages are on the server', async () => {
  await account.conversation({ ...syncedConversation(one, 'one', 10), floor: 7 });
  expect(await readMessages(account.database, one, 50)).toEqual({ messages: [], older: false, away: true });

  const two = testId(2);
  await account.conversation({ ...syncedConversation(two, 'two', 10), leavable: 10 });
  expect(await readMessages(account.database, two, 50)).toMatchObject({ away: true });
  await account.unsent(unsentMessage(testId(102), two, 'just written', 1), 'waiting');
  expect(await readMessages(account.database, two, 50)).toMatchObject({ away: true });
  await account.message(syncedMessage(testId(101), two, 'still here', 10));
  expect(await readMessages(account.database, two, 50)).toMatchObject({ away: false });
});

test('a new message follows the newest one, also when that has left the device', async () => {
  await account.conversation({ ...syncedConversation(one, 'one', 10), leavable: 10, newest: testId(110) });
  expect(await readNewestMessage(account.database, one)).toBe(testId(110));
  await account.message(syncedMessage(testId(111), one, 'from elsewhere', 11));
  expect(await readNewestMessage(account.database, one)).toBe(testId(111));

  const two = testId(2);
  await account.conversation({ ...syncedConversation(two, 'two', 10), floor: 10, newest: testId(120) });
  await account.message(syncedMessage(testId(119), two, 'stayed', 9));
  expect(await readNewestMessage(account.database, two)).toBe(testId(120));
});

test('what was written here lies over what the server said', async () => {
  const record = syncedConversation(one, 'old title', 5);
  record.local = {
    title: { value: 'new title', clock: null, written: { device: 1, server: null, seen: null, order: 1 } },
  };
  await account.conversation(record);
  expect(await readConversation(account.database, one)).toEqual({ id: one, title: 'new title', trashed: false });
  expect(await readConversation(account.database, testId(9))).toBeNull();
});

test('the trash tells when the server will delete for good, and is not in the list', async () => {
  const { rank, ...record } = syncedConversation(one, 'gone', 5);
  if (record.base === null) throw new Error('the fixture has a base');
  const base = { ...record.base, trashed: true, trashedAt: 1_000 };
  await account.conversation({ ...record, base, trashRank: rank ?? 0 });
  expect(await readTrash(account.database, 20)).toEqual([
    { id: one, title: 'gone', at: 1_000, goneAt: 1_000 + 30 * 86_400_000 },
  ]);
  expect((await readConversationList(account.database, 20)).conversations).toEqual([]);
});

test('what waits is counted as people count: messages and changes, not the conversation a message makes', async () => {
  await account.conversation(syncedConversation(one, 'renamed here', 5));
  await account.conversation({ ...syncedConversation(testId(2), 'new here', 6), base: null });
  for (const id of [one, testId(2)]) {
    const entry = { id, kind: 'conversation', order: 90, origin: 'live', state: 'waiting', attempts: 0 } as const;
    await account.database.put('outbox', entry);
  }
  await account.unsent(unsentMessage(testId(101), testId(2), 'a', 1), 'waiting');
  await account.unsent(unsentMessage(testId(102), testId(2), 'b', 2), 'refused');
  expect(await readSync(account.database)).toMatchObject({ waiting: 2, waitingMessages: 1 });
});

test('a database that the worker has not made is not made by reading', async () => {
  expect(await readFrom('never-made', (database) => readSync(database))).toBeUndefined();
  expect(readingFailed.value).toBe(true);
  let versionBefore: number | undefined;
  const made = await openDB('never-made', 1, {
    upgrade: (_database, old) => {
      versionBefore = old;
    },
  });
  expect(versionBefore).toBe(0);
  made.close();
  await deleteDB('never-made');
});

test('a database the worker wants to upgrade is let go, and not read as what it was', async () => {
  await account.conversation(syncedConversation(one, 'one', 5));
  expect(await readFrom(account.name, (database) => readConversation(database, one))).not.toBeNull();
  account.database.close();
  let held = false;
  const upgraded = await openDB(account.name, accountVersion + 1, {
    blocked: () => {
      held = true;
    },
  });
  upgraded.close();
  expect(held).toBe(false);
  expect(await readFrom(account.name, (database) => readConversation(database, one))).toBeUndefined();
  expect(otherVersion.value).toBe(true);
});
