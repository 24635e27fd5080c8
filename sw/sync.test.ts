import { expect, test } from 'vitest';
import { newId } from '../contract/ids.ts';
import type { Sent } from './engine/ports.ts';
import { seededRandom } from './engine/testing/device.ts';
import { writeMessage } from './engine/write-message.ts';
import { startSync } from './sync.ts';
import { syncParts } from './testing/parts.ts';

const noNetwork = (): Sent => ({ is: 'no-answer', lost: false });
const random = seededRandom(1);

async function withMessage(answer: () => Sent) {
  const { parts, store, log } = syncParts(answer);
  const message = { id: newId(1, random), conversation: newId(1, random), parent: null, text: 'Hello' };
  await store.change('strict', (stored) => writeMessage(stored, message, { now: Date.now(), origin: 'live' }));
  return { sync: startSync(parts), parts, store, log };
}

test('a sync that failed asks for no wake-up, which the browser would give at once', async () => {
  const { sync, log } = await withMessage(noNetwork);
  await sync.trigger('sync-now');
  await sync.trigger('online');
  expect(log).toEqual(['request', 'request']);
});

test('what is written asks the browser once to be woken for it, and is sent at once', async () => {
  const { sync, log } = await withMessage(noNetwork);
  await sync.written('message');
  expect(log.sort()).toEqual(['request', 'wake later']);
});

test('a starting worker ends a move, then asks to be woken for what waits; once, however often it is told to start', async () => {
  const { sync, log } = await withMessage(noNetwork);
  await Promise.all([sync.start(), sync.start()]);
  await sync.start();
  expect(log).toEqual(['bring along', 'wake later', 'request']);
});

test('nobody asks to be woken where only something from outside helps', async () => {
  const { sync, log } = await withMessage(() => ({ is: 'refused', status: 403, code: 'tier', retryAfter: null }));
  await sync.trigger('sync-now');
  expect(await sync.problem()).toBe('tier');
  expect(await sync.worthTrying()).toBe(false);
  await sync.written('message');
  expect(log).toEqual(['request']);
});

test('a start that failed is made again by the next event', async () => {
  const { parts, log } = await withMessage(noNetwork);
  let broken = true;
  const bringAlong = async () => {
    if (broken) throw new Error('not yet');
  };
  const sync = startSync({ ...parts, bringAlong });
  await expect(sync.start()).rejects.toThrow('not yet');
  broken = false;
  await sync.start();
  expect(log).toEqual(['wake later', 'request']);
});
