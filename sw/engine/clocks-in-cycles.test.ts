import { expect, test } from 'vitest';
import { renameConversation } from './change-conversation.ts';
import { lostAnswer, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

const year = 365 * 24 * 3_600_000;

async function devicesWith(skewA: number, skewB = 0) {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  a.skew = skewA;
  b.skew = skewB;
  await a.sync();
  await b.sync();
  return { server, a, b, conversation: a.newId() };
}

for (const [words, skew] of [
  ['ten years ahead', 10 * year],
  ['ten years behind', -10 * year],
] as const) {
  test(`a device clock ${words} loses nothing and wins nothing`, async () => {
    const { server, a, b, conversation } = await devicesWith(skew);
    await a.write('Hello', conversation);
    await a.sync();
    await b.sync();
    await a.do((stored, writing) => renameConversation(stored, conversation, 'from a', writing));
    server.time += 60_000;
    await b.do((stored, writing) => renameConversation(stored, conversation, 'from b, later', writing));
    await b.sync();
    await a.sync();
    await b.sync();
    expect(await a.title(conversation)).toBe('from b, later');
    expect(await b.title(conversation)).toBe('from b, later');
    expect(await a.outbox()).toEqual([]);
  });
}

test('a clock set back after the time was learned does not make later edits lose', async () => {
  const { server, a, conversation } = await devicesWith(0);
  await a.write('Hello', conversation);
  await a.sync();
  a.skew = -5 * year;
  await a.do((stored, writing) => renameConversation(stored, conversation, 'newest', writing));
  await a.sync();
  expect(server.rows.get(conversation)?.title).toBe('newest');
  expect(await a.outbox()).toEqual([]);
});

test('a clock set forward after the time was learned is fixed again, once, in order', async () => {
  const { server, a, b, conversation } = await devicesWith(0);
  a.skew = 3 * year;
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await a.write(text, conversation);
  await a.do((stored, writing) => renameConversation(stored, conversation, 'title', writing));
  a.requests = [];
  expect(await a.sync()).toEqual({ is: 'done' });
  expect(a.requests).toHaveLength(2);
  expect(Math.max(...a.sentClocks().slice(-5))).toBeLessThanOrEqual(server.time);
  expect(await a.outbox()).toEqual([]);
  await b.sync();
  expect(await b.texts(conversation)).toEqual(texts);
  expect(await b.title(conversation)).toBe('title');
  // What is written next is not held back by the clocks that were refused.
  a.requests = [];
  await a.write('four', conversation);
  await a.sync();
  expect(a.requests).toHaveLength(1);
});

test('an edit made before a newer one elsewhere was pulled loses, however late it is sent', async () => {
  const { server, a, b, conversation } = await devicesWith(0);
  await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await a.do((stored, writing) => renameConversation(stored, conversation, 'old edit', writing));
  server.time += 7 * 24 * 3_600_000;
  await b.do((stored, writing) => renameConversation(stored, conversation, 'new edit', writing));
  await b.sync();
  await a.sync();
  expect(await a.title(conversation)).toBe('new edit');
});

test('an edit made after a newer one was seen wins although the device clock is behind', async () => {
  const { a, b, conversation } = await devicesWith(0);
  await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await b.do((stored, writing) => renameConversation(stored, conversation, 'seen', writing));
  await b.sync();
  await a.sync();
  a.skew = -60_000;
  await a.do((stored, writing) => renameConversation(stored, conversation, 'after seeing', writing));
  await a.sync();
  await b.sync();
  expect(await b.title(conversation)).toBe('after seeing');
});

test('an edit is above what was sent before it, also when that answer was lost and the clock set back', async () => {
  const { server, a, conversation } = await devicesWith(0);
  await a.write('Hello', conversation);
  await a.sync();
  await a.do((stored, writing) => renameConversation(stored, conversation, 'first', writing));
  a.fates = [lostAnswer];
  await a.sync();
  a.skew = -5 * year;
  await a.do((stored, writing) => renameConversation(stored, conversation, 'second', writing));
  await a.sync();
  expect(server.rows.get(conversation)?.title).toBe('second');
  expect(await a.title(conversation)).toBe('second');
});
