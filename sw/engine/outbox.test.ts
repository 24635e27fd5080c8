import { expect, test } from 'vitest';
import { renameConversation, trashConversation } from './change-conversation.ts';
import { discardWaiting, retryRefused } from './needs-attention.ts';
import { purge } from './purge.ts';
import { refuse } from './refuse.ts';
import { lostAnswer, lostRequest, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

async function synced() {
  const server = new ModelServer();
  const device = newDevice(server);
  const conversation = device.newId();
  await device.write('Hello', conversation);
  await device.sync();
  device.requests = [];
  return { server, device, conversation };
}

test('a message and its new conversation wait together, the conversation first', async () => {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  const id = await device.write('Hello\nthere', conversation);
  expect((await device.outbox()).map((entry) => entry.id)).toEqual([conversation, id]);
  expect(await device.title(conversation)).toBe('Hello');
});

test('the same command twice stores one message', async () => {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  const id = await device.write('Hello', conversation);
  await device.write('Hello', conversation, id);
  expect(await device.texts(conversation)).toEqual(['Hello']);
  expect(await device.outbox()).toHaveLength(2);
});

test('a save that changes nothing queues nothing', async () => {
  const { device, conversation } = await synced();
  await device.do((stored, writing) => renameConversation(stored, conversation, 'Hello', writing));
  await device.do((stored, writing) => trashConversation(stored, conversation, false, writing));
  expect(await device.outbox()).toEqual([]);
});

test('several edits of one field while offline are one op with the last value', async () => {
  const { device, conversation } = await synced();
  for (const title of ['a', 'b', 'c']) {
    await device.do((stored, writing) => renameConversation(stored, conversation, title, writing));
  }
  await device.sync();
  expect(device.requests).toHaveLength(1);
  expect(device.requests[0]?.ops).toMatchObject([{ id: conversation, set: { title: ['c', expect.any(String)] } }]);
});

test('an edit taken back before it was sent leaves nothing to send', async () => {
  const { device, conversation } = await synced();
  await device.do((stored, writing) => trashConversation(stored, conversation, true, writing));
  await device.do((stored, writing) => trashConversation(stored, conversation, false, writing));
  expect(await device.outbox()).toEqual([]);
});

test('an edit taken back after it may have been sent is sent', async () => {
  const { server, device, conversation } = await synced();
  await device.do((stored, writing) => trashConversation(stored, conversation, true, writing));
  device.fates = [lostAnswer];
  await device.sync();
  await device.do((stored, writing) => trashConversation(stored, conversation, false, writing));
  await device.sync();
  expect(server.rows.get(conversation)?.trashed).toBe(false);
});

test('an edit written over one that may have been sent, and then taken back, is sent', async () => {
  const { server, device, conversation } = await synced();
  const before = await device.title(conversation);
  const rename = (title = '') =>
    device.do((stored, writing) => renameConversation(stored, conversation, title, writing));
  await rename('Second');
  device.fates = [lostAnswer];
  await device.sync();
  await rename('Third');
  await rename(before);
  await device.sync();
  expect(server.rows.get(conversation)?.title).toBe(before);
  expect(await device.title(conversation)).toBe(before);
});

test('created and purged without ever being sent is nothing', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const conversation = device.newId();
  await device.write('Hello', conversation);
  await device.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  expect(await device.outbox()).toEqual([]);
  device.requests = [];
  await device.sync();
  expect(device.requests.flatMap((request) => request.ops)).toEqual([]);
});

test('created, perhaps sent, and purged is purged on the server too', async () => {
  const { server, device } = await synced();
  const conversation = device.newId();
  await device.write('Hello', conversation);
  device.fates = [lostAnswer];
  await device.sync();
  await device.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await device.sync();
  expect(server.rows.has(conversation)).toBe(false);
  expect(server.gone.has(conversation)).toBe(true);
  expect(await device.outbox()).toEqual([]);
});

test('text that no server can take is made well-formed where it enters', async () => {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  await device.write('a\0b\ud800c', conversation);
  expect(await device.texts(conversation)).toEqual(['ab\ufffdc']);
});

test('a refused message is sent again when its writer says so, and not before', async () => {
  const { server, device, conversation } = await synced();
  const id = await device.write('again', conversation);
  await device.do((stored) => refuse(stored, id, 'too-long'));
  await device.sync();
  expect(server.rows.has(id)).toBe(false);
  await device.do((stored) => retryRefused(stored, id));
  await device.sync();
  expect(server.rows.has(id)).toBe(true);
  expect(await device.outbox()).toEqual([]);
});

test('a refused message that is discarded leaves the screen and the outbox, and a repeat does not bring it back', async () => {
  const { server, device, conversation } = await synced();
  const id = await device.write('never mind', conversation);
  await device.do((stored) => refuse(stored, id, 'too-long'));
  await device.do((stored, writing) => discardWaiting(stored, id, writing));
  await device.write('never mind', conversation, id);
  expect(await device.texts(conversation)).toEqual(['Hello']);
  expect(await device.outbox()).toEqual([]);
  await device.sync();
  expect(server.gone.has(id)).toBe(false);
});

test('a discarded message that the server may have is taken back there', async () => {
  const { server, device, conversation } = await synced();
  const id = await device.write('never mind', conversation);
  device.fates = [lostAnswer];
  await device.sync();
  await device.do((stored, writing) => discardWaiting(stored, id, writing));
  await device.sync();
  expect(server.rows.has(id)).toBe(false);
  expect(await device.texts(conversation)).toEqual(['Hello']);
});

test('a discarded edit shows again what the server has', async () => {
  const { device, conversation } = await synced();
  await device.do((stored, writing) => renameConversation(stored, conversation, 'Other', writing));
  await device.do((stored, writing) => discardWaiting(stored, conversation, writing));
  expect(await device.title(conversation)).toBe('Hello');
  expect(await device.outbox()).toEqual([]);
});

test('messages wait with their conversation while that is refused', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const conversation = device.newId();
  const id = await device.write('Hello', conversation);
  await device.do((stored) => refuse(stored, conversation, 'bad-op'));
  await device.sync();
  expect(server.rows.size).toBe(0);
  expect((await device.outbox()).find((entry) => entry.id === id)?.state).toBe('waiting');
});

test('unsent messages stand after all others in order of writing, and lift their conversation', async () => {
  const { server, device, conversation } = await synced();
  const newer = device.newId();
  await device.write('newer', newer);
  await device.sync();
  const rank = async (id: string) => (await device.conversation(id))?.rank ?? 0;
  expect(await rank(newer)).toBeGreaterThan(await rank(conversation));
  await device.write('one', conversation);
  await device.write('two', conversation);
  expect(await rank(conversation)).toBeGreaterThan(await rank(newer));
  expect(await device.texts(conversation)).toEqual(['Hello', 'one', 'two']);
  const messages = await device.store.read((stored) => stored.messagesOf(conversation));
  expect(new Set(messages.map((message) => message.rank)).size).toBe(3);
  device.fates = [lostRequest];
  await device.sync();
  await device.sync();
  expect(await device.texts(conversation)).toEqual(['Hello', 'one', 'two']);
  expect(await rank(conversation)).toBe(server.rows.get(conversation)?.activity);
});
