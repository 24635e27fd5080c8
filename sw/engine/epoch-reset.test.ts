import { expect, test } from 'vitest';
import { commonSeq, cursorAfterReset } from './epoch-reset.ts';
import { purge } from './purge.ts';
import { lostRequest, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

test('after a restore from backup, devices give the server back what it forgot', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  const conversation = a.newId();
  await a.write('kept', conversation);
  await a.sync();
  const backup = server.backup();
  await a.write('forgotten', conversation);
  await a.sync();
  server.restore(backup, 'second');
  await a.write('written since', conversation);
  expect(await a.sync()).toEqual({ is: 'done' });
  await b.sync();
  expect(await b.texts(conversation)).toEqual(['kept', 'forgotten', 'written since']);
  expect(await a.texts(conversation)).toEqual(['kept', 'forgotten', 'written since']);
  expect(await a.outbox()).toEqual([]);
});

test('after a restore from backup, what is given back has the clocks it had', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const conversation = a.newId();
  await a.sync();
  const backup = server.backup();
  await a.write('forgotten', conversation);
  await a.sync();
  const { clocks } = JSON.parse(JSON.stringify(server.rows.get(conversation)));
  server.restore(backup, 'second');
  server.time += 3_600_000;
  await a.sync();
  expect(server.rows.get(conversation)?.clocks).toEqual(clocks);
});

test('after a restore from backup, what was purged stays purged', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  const conversation = a.newId();
  await a.write('secret', conversation);
  await a.sync();
  const backup = server.backup();
  await a.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await a.sync();
  server.restore(backup, 'second');
  await a.sync();
  await b.sync();
  expect(await b.conversation(conversation)).toBeUndefined();
  expect(server.rows.size).toBe(0);
});

test('what a restore brings back comes to a device that first synced when it was purged', async () => {
  const server = new ModelServer();
  server.epochs = [{ epoch: 'first', from: Number.MAX_SAFE_INTEGER }];
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  const conversation = a.newId();
  await a.sync();
  await a.write('back again', conversation);
  await a.sync();
  const backup = server.backup();
  await a.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await a.sync();
  await b.sync();
  server.restore(backup, 'second');
  await b.sync();
  expect(await b.texts(conversation)).toEqual(['back again']);
});

test('a first sync that a restore interrupts ends complete', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const conversation = a.newId();
  for (let i = 0; i < 800; i++) await a.write(`message ${i}`, conversation);
  await a.sync();
  const backup = server.backup();
  for (let i = 800; i < 1_100; i++) await a.write(`message ${i}`, conversation);
  await a.sync();
  const c = newDevice(server, 'c');
  c.fates = [(_request, answer) => ({ is: 'answered', answer: answer(), at: c.now() }), lostRequest];
  await c.sync();
  server.restore(backup, 'second');
  await c.sync();
  await a.sync();
  await c.sync();
  await a.sync();
  const all = Array.from({ length: 1_100 }, (_, i) => `message ${i}`).sort();
  expect((await c.texts(conversation)).sort()).toEqual(all);
  expect((await a.texts(conversation)).sort()).toEqual(all);
});

test('the common seq is the lowest since the own epoch, and nothing for an epoch nobody knows', () => {
  const epochs = [
    { epoch: 'one', from: 0 },
    { epoch: 'two', from: 50 },
    { epoch: 'three', from: 20 },
  ];
  expect(commonSeq('two', epochs)).toBe(20);
  expect(commonSeq('three', epochs)).toBe(20);
  expect(commonSeq('strange', epochs)).toBe(0);
});

test('a cursor below what is common stays, one beyond goes back to it', () => {
  expect(cursorAfterReset({ seq: 10, floor: null }, 20, 5)).toEqual({ seq: 10, floor: null });
  expect(cursorAfterReset({ seq: 30, floor: null }, 20, 5)).toEqual({ seq: 20, floor: null });
  expect(cursorAfterReset({ seq: 30, floor: 25 }, 20, 5)).toEqual({ seq: 20, floor: 21 });
  expect(cursorAfterReset({ seq: 30, floor: 5 }, 20, 5)).toEqual({ seq: 20, floor: 5 });
  expect(cursorAfterReset({ seq: 30, floor: null }, 20, 25)).toEqual({ seq: 20, floor: 21 });
});
