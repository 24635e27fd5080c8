import { expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { renameConversation } from './change-conversation.ts';
import type { Trigger } from './sync-policy.ts';
import { seededRandom } from './testing/device.ts';
import { VirtualWorker } from './testing/virtual-worker.ts';
import { writeMessage } from './write-message.ts';

const hour = 3_600_000;
const random = seededRandom(7);

async function ready(worker = new VirtualWorker()): Promise<VirtualWorker> {
  await worker.sync.start();
  await worker.pass(5_000);
  worker.requests.length = 0;
  return worker;
}

async function write(worker: VirtualWorker, conversation = newId(worker.now(), random)): Promise<string> {
  const message = { id: newId(worker.now(), random), conversation, parent: null, text: 'Hello' };
  const writing = { now: worker.now(), origin: 'live' } as const;
  await worker.store.change('strict', (stored) => writeMessage(stored, message, writing));
  return conversation;
}

const everything: Trigger[] = ['sync-now', 'visible', 'hidden', 'online', 'message', 'joined', 'poke', 'push', 'poll'];

for (const [name, kinds] of [
  ['Sync now', ['sync-now']],
  ['pokes', ['poke']],
  ['everything there is', everything],
] as const) {
  test(`a thousand triggers within a second, ${name}, make at most two requests`, async () => {
    const worker = await ready(new VirtualWorker(undefined, undefined, { requestMs: 20 }));
    const start = worker.now();
    const asked: Promise<void>[] = [];
    for (let i = 0; i < 1_000; i++) {
      asked.push(worker.sync.trigger(kinds[i % kinds.length] ?? 'poke'));
      if (worker.now() - start < i) await worker.pass(i - (worker.now() - start));
    }
    await worker.pass(2_000);
    await Promise.all(asked);
    expect(worker.requests.length).toBeLessThanOrEqual(2);
    expect(worker.requests.length).toBeGreaterThan(0);
  });
}

test('a day of idle with the realtime channel up takes at most 24 syncs', async () => {
  const worker = await ready();
  worker.live = true;
  await worker.pass(24 * hour);
  expect(worker.requests.length).toBeLessThanOrEqual(24);
  expect(worker.requests.length).toBeGreaterThan(22);
});

test('a channel that falls brings the usual interval back at once', async () => {
  const worker = await ready();
  worker.live = true;
  await worker.pass(hour / 2);
  expect(worker.requests).toHaveLength(0);
  worker.live = false;
  await worker.sync.trigger('poll');
  expect(worker.requests).toHaveLength(1);
  await worker.pass(10 * 60_000);
  expect(worker.requests).toHaveLength(1 + 20);
});

test('a worker nobody sees asks for nothing', async () => {
  const worker = await ready();
  worker.pageVisible = false;
  await worker.pass(24 * hour);
  expect(worker.requests).toHaveLength(0);
});

test('a title outlives the worker it was typed to, and is sent when it was due', async () => {
  const worker = await ready();
  const conversation = await write(worker);
  await worker.sync.trigger('message');
  worker.requests.length = 0;
  const writing = { now: worker.now(), origin: 'live' } as const;
  await worker.store.change('strict', (stored) => renameConversation(stored, conversation, 'Typed', writing));
  void worker.sync.written('title');
  await worker.settle();
  const next = new VirtualWorker(worker.server, worker.store);
  await next.pass(2_000);
  void next.sync.start();
  await next.pass(2_900);
  expect(next.requests).toHaveLength(0);
  await next.pass(200);
  expect(next.requests.map(({ at }) => at)).toEqual([5_000]);
  expect(worker.server.rows.get(conversation)?.title).toBe('Typed');
});

test('a server that is down is asked less and less, however much is written, and gets all of it with few requests when it is back', async () => {
  const worker = await ready();
  worker.fate = () => ({ is: 'refused', status: 500, code: '', retryAfter: null });
  const conversation = await write(worker);
  const written: Promise<void>[] = [];
  for (let i = 0; i < 360; i++) {
    await write(worker, conversation);
    written.push(worker.sync.written('message'));
    await worker.pass(10_000);
  }
  // Somebody writes all the time, so one try in half a minute is as few as it gets.
  expect(worker.requests.length).toBeLessThanOrEqual(130);
  const inTheLastHalf = worker.requests.slice(-60);
  expect(Math.max(...inTheLastHalf.map(({ request }) => request.ops.length))).toBeLessThanOrEqual(10);
  worker.fate = null;
  worker.requests.length = 0;
  await worker.sync.trigger('online');
  expect(worker.requests).toHaveLength(1);
  expect(worker.server.rows.size).toBe(362);
  await Promise.all(written);
});

test('a server that comes back by itself is asked for little first, then for all', async () => {
  const worker = await ready();
  worker.fate = () => ({ is: 'no-answer', lost: false });
  const conversation = await write(worker);
  for (let i = 0; i < 40; i++) await write(worker, conversation);
  await worker.pass(20 * 60_000);
  worker.fate = null;
  worker.requests.length = 0;
  await worker.pass(6 * 60_000);
  const [probe, rest] = worker.requests.map(({ request }) => request);
  expect([probe?.ops.length, probe?.limit, rest?.ops.length]).toEqual([10, expect.any(Number), 32]);
  expect(probe?.limit).toBeLessThanOrEqual(40);
});

test('a sync that is stuck gives its turn back, and what comes of it later changes nothing', async () => {
  const worker = await ready();
  let letGo: () => void = () => undefined;
  worker.fate = async (_request, answer) => {
    worker.fate = null;
    await new Promise<void>((resolve) => {
      letGo = resolve;
    });
    return { is: 'answered', answer: answer(), at: worker.now() };
  };
  const conversation = await write(worker);
  void worker.sync.trigger('message');
  await worker.pass(5 * 60_000);
  expect(worker.trouble).toEqual([new Error('a sync was stuck')]);
  expect(worker.server.rows.has(conversation)).toBe(true);
  expect(await worker.sync.waiting()).toEqual({ ready: 0, all: 0 });
  const commits = worker.store.commits();
  letGo();
  await worker.settle();
  expect(worker.store.commits()).toBe(commits);
});

test('a sync of an account that was left ends without storing anything', async () => {
  const worker = await ready();
  await write(worker);
  let stopped = false;
  worker.fate = async (_request, answer) => {
    const late = answer();
    worker.sync.switched();
    stopped = true;
    return { is: 'answered', answer: late, at: worker.now() };
  };
  const commits = worker.store.commits();
  await worker.sync.trigger('message');
  expect(stopped).toBe(true);
  // What was taken is noted before it is sent, and nothing after.
  expect(worker.store.commits()).toBe(commits + 1);
  worker.fate = null;
  await worker.sync.trigger('sync-now');
  expect(await worker.sync.waiting()).toEqual({ ready: 0, all: 0 });
});

test('what is changed again while it is on its way follows by itself', async () => {
  const worker = await ready();
  const conversation = await write(worker);
  await worker.sync.trigger('message');
  const rename = (title: string) =>
    worker.store.change('strict', (stored) =>
      renameConversation(stored, conversation, title, { now: worker.now(), origin: 'live' }),
    );
  await rename('one');
  const first = worker.sync.written('title');
  await worker.settle();
  worker.fate = async (request) => {
    worker.fate = null;
    const answer = worker.answered(request);
    await rename('two');
    void worker.sync.written('title');
    await worker.settle();
    return answer;
  };
  await worker.sync.trigger('hidden');
  await first;
  expect(worker.server.rows.get(conversation)?.title).toBe('one');
  await worker.pass(5_100);
  expect(worker.server.rows.get(conversation)?.title).toBe('two');
});
