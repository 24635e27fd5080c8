import { beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../../contract/page-messages.ts';
import { noteChange } from '../changes.ts';
import { standing } from '../standing.ts';
import { callOff, draftOf, followDrafts, keepAllDrafts, takeOut, typeText } from './drafts.ts';

const fake = vi.hoisted(() => ({
  stored: {} as Record<string, string>,
  asked: [] as { database: string | undefined; command: Command }[],
}));

vi.mock('../commands.ts', () => ({
  ask: async (command: Command, options: { database?: string } = {}) => {
    fake.asked.push({ database: options.database, command });
    return { ok: true };
  },
}));
vi.mock('../read/open-database.ts', () => ({
  readFrom: async (database: string) => fake.stored[database] ?? '',
}));

function use(database: string): void {
  standing.value = { database, user: null, syncing: false };
}
const kept = (of = `account-${account}`) =>
  fake.asked
    .filter(({ database }) => database === of)
    .map(({ database, command }) => [database, command.do === 'keep-draft' && command.text]);

let account = 0;
beforeEach(() => {
  vi.useFakeTimers();
  fake.stored = {};
  fake.asked = [];
  account += 1;
  use(`account-${account}`);
  return () => vi.useRealTimers();
});

test('typed text is kept 300 ms after the last key, once', async () => {
  const draft = draftOf('new');
  await vi.advanceTimersByTimeAsync(0);
  typeText(draft, 'a');
  await vi.advanceTimersByTimeAsync(200);
  typeText(draft, 'ab');
  await vi.advanceTimersByTimeAsync(299);
  expect(kept()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(kept()).toEqual([[`account-${account}`, 'ab']]);
  expect(draft.kept.value).toBe('ab');
});

test('when the page is hidden text is kept at once', async () => {
  typeText(draftOf('new'), 'half a thou');
  await keepAllDrafts();
  expect(kept()).toEqual([[`account-${account}`, 'half a thou']]);
});

test('a kept draft comes back, before what is being typed already, and neither is lost', async () => {
  fake.stored[`account-${account}`] = 'from yesterday';
  const draft = draftOf('new');
  const other = draftOf('other');
  typeText(other, 'typed at once');
  await vi.advanceTimersByTimeAsync(0);
  expect(draft.text.value).toBe('from yesterday');
  expect(other.text.value).toBe('from yesterday\ntyped at once');
  expect(kept()).toEqual([[`account-${account}`, 'from yesterday\ntyped at once']]);
});

test('what is typed while a message is stored stays in the composer of its conversation', async () => {
  const draft = draftOf('new');
  typeText(draft, 'first');
  callOff(draft);
  typeText(draft, 'first and more');
  takeOut(draft, 'first', 'c1');
  expect(draft.text.value).toBe('');
  expect(draftOf('c1').text.value).toBe(' and more');
});

test('a message sent before an older draft was read leaves only that draft in the composer', async () => {
  fake.stored[`account-${account}`] = 'from yesterday';
  const draft = draftOf('c1');
  typeText(draft, 'sent at once');
  callOff(draft);
  await vi.advanceTimersByTimeAsync(0);
  takeOut(draft, 'sent at once', 'c1');
  expect(draftOf('c1').text.value.trim()).toBe('from yesterday');
});

test('a text that was sent is not kept as a draft again', async () => {
  const draft = draftOf('c1');
  await vi.advanceTimersByTimeAsync(0);
  typeText(draft, 'sent');
  callOff(draft);
  takeOut(draft, 'sent', 'c1');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept()).toEqual([]);
});

test('a draft that another tab sent leaves this composer too, unless something was typed here', async () => {
  const stop = followDrafts();
  const mine = `account-${account}`;
  fake.stored[mine] = 'seen in both tabs';
  const untouched = draftOf('c1');
  const touched = draftOf('c2');
  await vi.advanceTimersByTimeAsync(0);
  typeText(touched, 'seen in both tabs, and more');
  fake.stored[mine] = '';
  noteChange({ conversations: ['c1', 'c2'], all: false });
  await vi.advanceTimersByTimeAsync(0);
  expect(untouched.text.value).toBe('');
  expect(touched.text.value).toBe('seen in both tabs, and more');
  stop();
});

test('another account does not see the text, and it is kept where it was typed', async () => {
  typeText(draftOf('new'), 'private');
  const mine = `account-${account}`;
  use(`${mine}-other`);
  expect(draftOf('new').text.value).toBe('');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept(mine)).toEqual([[mine, 'private']]);
  expect(kept(`${mine}-other`)).toEqual([]);
});
