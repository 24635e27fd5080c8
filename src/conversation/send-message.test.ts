import { beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../../contract/page-messages.ts';
import { standing } from '../standing.ts';
import { draftOf, typeText } from './drafts.ts';
import { notStored, sendMessage } from './send-message.ts';

type Written = Extract<Command, { do: 'write-message' }>;

const worker = vi.hoisted(() => ({ written: [] as Written[], answers: [] as ((ok: boolean) => void)[] }));

vi.mock('../commands.ts', () => ({
  ask: (command: Command) => {
    if (command.do !== 'write-message') return Promise.resolve({ ok: true });
    worker.written.push(command);
    return new Promise((resolve) => worker.answers.push((ok) => resolve(ok ? { ok } : { ok, error: 'storage-full' })));
  },
}));
vi.mock('../read/open-database.ts', () => ({ readFrom: async () => undefined }));
vi.mock('../route.ts', () => ({ route: { value: { page: 'settings' } }, navigate: () => undefined }));

const settled = () => vi.advanceTimersByTimeAsync(0);
const texts = () => worker.written.map(({ text }) => text);

/** The worker answers the oldest question it has not answered. */
async function answers(ok = true): Promise<void> {
  await settled();
  worker.answers.shift()?.(ok);
  await settled();
}

let account = 0;
beforeEach(() => {
  vi.useFakeTimers();
  worker.written = [];
  worker.answers = [];
  account += 1;
  standing.value = { database: `account-${account}`, user: null, syncing: false };
  return () => vi.useRealTimers();
});

function typeAndSend(conversation: string | null, text: string): void {
  const draft = draftOf(conversation ?? 'new');
  typeText(draft, text);
  void sendMessage(draft, conversation);
}

test('each Enter sends what was typed since the one before, also while that is being stored', async () => {
  typeAndSend('c1', 'one');
  typeAndSend('c1', 'onetwo');
  typeAndSend('c1', 'onetwothree');
  typeText(draftOf('c1'), 'onetwothree and half a fo');
  for (let i = 0; i < 3; i++) await answers();
  expect(texts()).toEqual(['one', 'two', 'three']);
  expect(draftOf('c1').text.value).toBe(' and half a fo');
});

test('a second Enter on the same text sends nothing', async () => {
  typeAndSend('c1', 'once');
  void sendMessage(draftOf('c1'), 'c1');
  await answers();
  expect(texts()).toEqual(['once']);
  expect(draftOf('c1').text.value).toBe('');
});

test('a text put in place of one that is being stored is a message of its own', async () => {
  typeAndSend('c1', 'one');
  typeAndSend('c1', 'another');
  await answers();
  await answers();
  expect(texts()).toEqual(['one', 'another']);
  expect(draftOf('c1').text.value).toBe('');
});

test('what is sent before the conversation is there goes into the same one', async () => {
  typeAndSend(null, 'one');
  typeAndSend(null, 'onetwo');
  await answers();
  await answers();
  expect(texts()).toEqual(['one', 'two']);
  expect(worker.written[1]?.conversation).toBe(worker.written[0]?.conversation);
  expect(draftOf('new').text.value).toBe('');
});

test('what could not be stored stays in the composer, and goes as it was sent when it is tried again', async () => {
  typeAndSend('c1', 'one');
  typeAndSend('c1', 'onetwo');
  await answers(false);
  expect(notStored.value).toBe('storage-full');
  expect(draftOf('c1').text.value).toBe('onetwo');
  void sendMessage(draftOf('c1'), 'c1');
  await answers();
  await answers();
  expect(texts()).toEqual(['one', 'one', 'two']);
  expect(draftOf('c1').text.value).toBe('');
});

test('a text that was changed after a failure is one message', async () => {
  typeAndSend('c1', 'one');
  await answers(false);
  typeAndSend('c1', 'One, better');
  await answers();
  expect(texts()).toEqual(['one', 'One, better']);
});
