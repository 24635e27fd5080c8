import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OutboxEntry } from '../../contract/database.ts';
import { accountFixture, syncedConversation, testId, unsentMessage } from '../testing/account-fixture.ts';
import { readAttention } from './read-attention.ts';

let account: Awaited<ReturnType<typeof accountFixture>>;
beforeEach(async () => {
  account = await accountFixture();
});
afterEach(() => account.remove());

const one = testId(1);
const written = { clock: null, written: { device: 7, server: null, seen: null, order: 1 } };

function refuse(id: string, order: number, more: Partial<OutboxEntry> = {}) {
  const usual = { kind: 'conversation', origin: 'live', state: 'refused', attempts: 2, refusal: 'bad-op' } as const;
  return account.database.put('outbox', { id, order, ...usual, ...more });
}

test('what was refused is given in order of writing, with its text and where it belongs', async () => {
  await account.conversation({
    ...syncedConversation(one, 'old title', 5),
    local: { title: { value: 'new', ...written } },
  });
  await refuse(one, 9);
  await account.conversation({
    ...syncedConversation(testId(2), '', 6),
    base: null,
    local: { title: { value: 'never sent', ...written } },
  });
  await refuse(testId(2), 8);
  await account.message(unsentMessage(testId(101), one, 'too long', 3));
  await refuse(testId(101), 3, { kind: 'message', refusal: 'too-long' });
  await refuse(testId(3), 10, { purge: true });
  const items = await readAttention(account.database);
  expect(items.map(({ is, text, refusal }) => [is, text, refusal])).toEqual([
    ['message', 'too long', 'too-long'],
    ['conversation', 'never sent', 'bad-op'],
    ['title', 'new', 'bad-op'],
    ['deletion', '', 'bad-op'],
  ]);
  expect(items[0]?.conversation).toEqual({ id: one, title: 'old title' });
  expect(items[2]).toMatchObject({ at: 7, attempts: 2, conversation: { id: one, title: 'old title' } });
});

test('a message of a conversation that is gone, and a draft for it, are there without a conversation', async () => {
  await account.message(unsentMessage(testId(101), one, 'written offline', 3));
  await refuse(testId(101), 3, { kind: 'message', refusal: 'gone' });
  await account.database.put('drafts', { conversation: one, text: 'half a thought' });
  await account.database.put('drafts', { conversation: 'new', text: 'not lost at all' });
  expect((await readAttention(account.database)).map(({ is, text, conversation }) => [is, text, conversation])).toEqual(
    [
      ['message', 'written offline', null],
      ['draft', 'half a thought', null],
    ],
  );
});

test('what waits, and drafts of conversations that are here, need no attention', async () => {
  await account.conversation(syncedConversation(one, 'one', 5));
  await account.unsent(unsentMessage(testId(101), one, 'waits', 3), 'waiting');
  await account.database.put('drafts', { conversation: one, text: 'half a thought' });
  expect(await readAttention(account.database)).toEqual([]);
});
