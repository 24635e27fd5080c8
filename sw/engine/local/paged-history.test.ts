import { expect, test } from 'vitest';
import { makeClock } from '../../../contract/clock.ts';
import type { PagedMessage } from '../../../contract/database.ts';
import { MemoryDatabase } from '../testing/memory-database.ts';
import { insert, takeOut } from './paged-history.ts';
import type { Tables } from './tables.ts';

const conversation = 'one';
const clock = makeClock(1, 0, 'abcdefabcdef');
const facts = {
  kind: 'message',
  role: 'user',
  parent: null,
  attempt: 0,
  conversation,
  clocks: { text: clock },
} as const;

function message(pos: number, text = 'text'): PagedMessage {
  return { ...facts, id: `01900000-0000-7000-8000-${String(pos).padStart(12, '0')}`, seq: pos, text, pos, at: pos };
}

function messages(from: number, to: number): PagedMessage[] {
  return Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
}

function history() {
  const { tables } = new MemoryDatabase().begin();
  let puts = 0;
  const counted: Tables = {
    ...tables,
    put(...record) {
      puts += 1;
      tables.put(...record);
    },
  };
  return {
    insert: (some: PagedMessage[]) => insert(counted, conversation, some),
    takeOut: (some: PagedMessage[]) => takeOut(counted, conversation, some),
    /** From which pos to which each page goes. */
    pages: async () => (await tables.getAll('pages')).map(({ messages, last }) => [messages[0]?.pos, last]),
    /** Pages written since it was last asked. */
    written() {
      const before = puts;
      puts = 0;
      return before;
    },
  };
}

test('a long history comes into pages of about fifty, each written once', async () => {
  const { insert, pages, written } = history();
  await insert(messages(1, 500));
  expect(await pages()).toHaveLength(10);
  expect(written()).toBe(10);
});

test('history that comes from the newest downward fills the lowest page and leaves the others alone', async () => {
  const { insert, pages, written } = history();
  await insert(messages(101, 200));
  written();
  for (let pos = 91; pos > 0; pos -= 10) await insert(messages(pos, pos + 9));
  expect((await pages()).length).toBeLessThan(6);
  expect(written()).toBeLessThan(14);
});

test('history that grows upward fills the last page first', async () => {
  const { insert, pages } = history();
  for (let pos = 1; pos < 200; pos += 20) await insert(messages(pos, pos + 19));
  expect((await pages()).length).toBeLessThan(6);
});

test('an edit, a deletion or a late message rewrites its own page only', async () => {
  const { insert, takeOut, written } = history();
  await insert(messages(1, 99));
  await insert(messages(101, 200));
  written();
  await insert([message(30, 'edited')]);
  await insert([message(100)]);
  await takeOut([message(150)]);
  expect(written()).toBe(3);
});

test('a page that gets too large is split', async () => {
  const { insert, pages } = history();
  await insert(messages(1, 40));
  await insert(messages(100, 150));
  await insert(messages(41, 99));
  expect((await pages()).length).toBeGreaterThan(2);
});

test('long messages make smaller pages', async () => {
  const { insert, pages } = history();
  await insert(messages(1, 50).map((one) => ({ ...one, text: 'x'.repeat(32_000) })));
  expect((await pages()).length).toBe(4);
});

test('a page left with few joins the next, and an empty one goes', async () => {
  const { insert, takeOut, pages } = history();
  await insert(messages(1, 100));
  await takeOut(messages(6, 50));
  expect(await pages()).toEqual([[1, 100]]);
  await takeOut(messages(1, 200));
  expect(await pages()).toEqual([]);
});
