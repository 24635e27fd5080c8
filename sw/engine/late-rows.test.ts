import { expect, test } from 'vitest';
import type { AnyRow } from '../../contract/entities.ts';
import { applyGone } from './apply-gone.ts';
import { applyRows } from './apply-rows.ts';
import { purge } from './purge.ts';
import { lostAnswer, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

/** A device with one synced conversation and message, and their rows as the server has them. */
async function synced() {
  const server = new ModelServer();
  const device = newDevice(server);
  const conversation = device.newId();
  const message = await device.write('Hello', conversation);
  await device.sync();
  const row = (id: string) => JSON.parse(JSON.stringify(server.rows.get(id))) as AnyRow;
  return { device, conversation, message, rows: [row(conversation), row(message)] };
}

test('a conversation does not go back to an older row, not even for a moment', async () => {
  const { device, conversation, rows } = await synced();
  const [row] = rows;
  if (row?.kind !== 'conversation') throw new Error('the first row is the conversation');
  await device.do((stored) => applyRows(stored, [{ ...row, seq: 60, title: 'New' }], 0));
  await device.do((stored) => applyRows(stored, [{ ...row, seq: 50, title: 'Old' }], 0));
  expect(await device.title(conversation)).toBe('New');
});

test('what the server said is gone does not come back with a row that is late', async () => {
  const { device, conversation, message, rows } = await synced();
  await device.do((stored) => applyGone(stored, [{ kind: 'conversation', id: conversation, seq: 50 }]));
  expect(await device.conversation(conversation)).toBeUndefined();
  await device.do((stored) => applyRows(stored, rows, 0));
  expect(await device.conversation(conversation)).toBeUndefined();
  expect(await device.message(message)).toBeUndefined();
});

test('what was purged here while its answer was lost is purged on the server with the next request', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const conversation = device.newId();
  await device.write('Hello', conversation);
  device.fates = [lostAnswer];
  await device.sync();
  await device.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  const before = device.requests.length;
  await device.sync();
  expect(device.requests[before]?.ops).toMatchObject([{ id: conversation, purge: true }]);
});

test('what only this device has of a conversation that is gone stays, for its writer to decide', async () => {
  const { device, conversation, message } = await synced();
  const unsent = await device.write('Only here', conversation);
  await device.do((stored) => applyGone(stored, [{ kind: 'conversation', id: conversation, seq: 50 }]));
  expect(await device.message(message)).toBeUndefined();
  expect(await device.message(unsent)).toBeDefined();
  expect(await device.outbox()).toMatchObject([{ id: unsent, state: 'refused', refusal: 'gone' }]);
});

test('messages of a conversation that the server refused wait with it', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const conversation = device.newId();
  const first = await device.write('Hello', conversation);
  await device.do(async (stored) => {
    const entry = (await stored.outboxEntries([conversation])).get(conversation);
    if (entry === undefined) throw new Error('the conversation does not wait');
    stored.putOutbox({ ...entry, state: 'refused', refusal: 'too-long' });
  });
  const before = device.requests.length;
  await device.sync();
  const sent = device.requests.slice(before).flatMap(({ ops }) => ops.map(({ id }) => id));
  expect(sent).toEqual([]);
  expect((await device.outbox()).map(({ id, state }) => [id, state])).toContainEqual([first, 'waiting']);
});
