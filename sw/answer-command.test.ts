import { expect, test, vi } from 'vitest';
import { newId } from '../contract/ids.ts';
import type { Reply } from '../contract/page-messages.ts';
import { commandAnswerer } from './answer-command.ts';
import { seededRandom } from './engine/testing/device.ts';
import { followPages } from './pages.ts';
import { startSync } from './sync.ts';
import { memoryRegistry, sessionOf, syncParts } from './testing/parts.ts';

const random = seededRandom(1);

function worker() {
  const { parts, store, log } = syncParts(() => ({ is: 'no-answer', lost: false }));
  const { accounts, notices } = parts;
  const registry = memoryRegistry(sessionOf('ann'));
  const answer = commandAnswerer({
    registry,
    accounts,
    sync: startSync(parts),
    notices,
    pages: followPages(),
    openPages,
    lookAtAlarm: () => undefined,
    lookAtRealtime: () => undefined,
    older: { bring: async () => null, switched: () => undefined },
  });
  const replies: Reply[] = [];
  const post = (data: unknown) => answer(data, 'a page', (reply) => void replies.push(reply));
  return { post, replies, store, log };
}

const openPages = async () => new Set(['a page']);

function writing(text: string) {
  const [id, conversation] = [newId(1, random), newId(1, random)];
  return { command: 'one', ask: { do: 'write-message', id, conversation, parent: null, text } };
}

test('a command that comes twice at once is done once and answered twice', async () => {
  const { post, replies, store, log } = worker();
  const command = writing('Hello');
  await Promise.all([post(command), post(command)]);
  expect(replies).toMatchObject([
    { to: 'one', ok: true },
    { to: 'one', ok: true },
  ]);
  expect(await store.read((stored) => stored.everyEntity('message'))).toHaveLength(1);
  expect(log.filter((what) => what === 'wake later')).toHaveLength(1);
});

test('a command that comes again later changes nothing and is answered again', async () => {
  const { post, replies, store } = worker();
  const command = writing('Hello');
  await post(command);
  const before = await store.read((stored) => stored.outbox());
  // Answered at once; the sync that it asks for may wait.
  void post(command);
  await vi.waitFor(() => expect(replies).toHaveLength(2));
  expect(await store.read((stored) => stored.outbox())).toMatchObject(before.map(({ id, order }) => ({ id, order })));
});

test('what is no command is answered as such, and what names none not at all', async () => {
  const { post, replies } = worker();
  await post({ command: 'one', ask: { do: 'nothing of the kind' } });
  await post('hello?');
  await post(null);
  expect(replies).toMatchObject([{ to: 'one', ok: false, error: 'bad-command' }]);
});

test('an empty message is not written', async () => {
  const { post, replies, store } = worker();
  await post(writing('  \n'));
  expect(replies).toMatchObject([{ ok: false, error: 'bad-command' }]);
  expect(await store.read((stored) => stored.outbox())).toEqual([]);
});
