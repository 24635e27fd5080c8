import { expect, test } from 'vitest';
import { renameConversation, trashConversation } from './change-conversation.ts';
import { purge } from './purge.ts';
import { type Fate, lostAnswer, lostRequest, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

async function twoDevices() {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  await a.sync();
  await b.sync();
  return { server, a, b, conversation: a.newId() };
}

test('a message written on one device appears on the other', async () => {
  const { a, b, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  expect(await a.sync()).toEqual({ is: 'done' });
  await b.sync();
  expect(await b.texts(conversation)).toEqual(['Hello']);
  expect(await b.title(conversation)).toBe('Hello');
  expect(await a.outbox()).toEqual([]);
});

test('the first request of a device carries nothing, and what waits follows in the same cycle', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.write('Hello', device.newId());
  await device.sync();
  expect(device.requests.map((request) => request.ops.length)).toEqual([0, 2]);
  expect(await device.outbox()).toEqual([]);
});

test('nothing changed costs one request', async () => {
  const { a } = await twoDevices();
  a.requests = [];
  await a.sync();
  expect(a.requests).toHaveLength(1);
});

test('a sync of what was written costs one request', async () => {
  const { a, conversation } = await twoDevices();
  a.requests = [];
  await a.write('Hello', conversation);
  await a.sync();
  expect(a.requests).toHaveLength(1);
});

test('twenty messages written offline reach the other device once each, in order', async () => {
  const { a, b, conversation } = await twoDevices();
  const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  for (const text of texts) await a.write(text, conversation);
  a.fates = [lostRequest];
  expect(await a.sync()).toEqual({ is: 'failed', problem: 'network' });
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(Array.from({ length: 21 }, () => 'waiting'));
  await a.sync();
  await b.sync();
  expect(await b.texts(conversation)).toEqual(texts);
});

test('an answer that was lost is asked for again with the same clocks, and nothing is there twice', async () => {
  const { server, a, b, conversation } = await twoDevices();
  const id = await a.write('Hello', conversation);
  a.fates = [lostAnswer];
  await a.sync();
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(['unconfirmed', 'unconfirmed']);
  await a.sync();
  const [first, second] = a.requests.slice(-2);
  expect(second?.ops).toEqual(first?.ops);
  await b.sync();
  expect(await b.texts(conversation)).toEqual(['Hello']);
  expect(server.rows.get(conversation)?.count).toBe(1);
  expect((await a.message(id))?.local).toEqual({});
});

test('a worker killed while an answer is being stored keeps cursor and outbox, and does it again', async () => {
  const { a, b, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const before = await a.state();
  const killed: Fate = (_request, answer) => {
    a.store.failNextCommit();
    return { is: 'answered', answer: answer(), at: a.now() };
  };
  a.fates = [killed];
  expect(await a.sync()).toEqual({ is: 'failed', problem: 'storage' });
  expect((await a.state()).cursor).toEqual(before.cursor);
  expect(await a.outbox()).toHaveLength(2);
  await a.sync();
  await b.sync();
  expect(await b.texts(conversation)).toEqual(['Hello']);
  expect(await a.outbox()).toEqual([]);
});

test('what was being sent when the worker died is not confirmed until the server says so', async () => {
  const { a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const dies: Fate = async () => {
    throw new Error('killed');
  };
  a.fates = [dies];
  await expect(a.sync()).rejects.toThrow('killed');
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(['sending', 'sending']);
  a.fates = [lostRequest];
  await a.sync();
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(['unconfirmed', 'unconfirmed']);
  await a.sync();
  expect(await a.outbox()).toEqual([]);
});

test('an answer to a request made before the device moved on is not applied', async () => {
  const { a, b, conversation } = await twoDevices();
  await b.write('first', conversation);
  await b.sync();
  const overtaken: Fate = async (_request, answer) => {
    const late = answer();
    // Another worker stores a newer answer while this one is on its way.
    await b.write('second', conversation);
    await b.sync();
    a.fates = [];
    await a.store.change('relaxed', async (stored) => {
      const state = await stored.state();
      stored.putState({ ...state, cursor: { seq: 999, floor: null } });
    });
    return { is: 'answered', answer: late, at: a.now() };
  };
  a.fates = [overtaken];
  await a.sync();
  expect((await a.state()).cursor?.seq).toBeGreaterThanOrEqual(b.server.head);
});

test('an edit made while its entity is on its way is kept and sent after it', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  a.fates = [
    async (_request, answer) => {
      const answered = answer();
      await a.do((stored, writing) => renameConversation(stored, conversation, 'Better', writing));
      return { is: 'answered', answer: answered, at: a.now() };
    },
  ];
  await a.sync();
  expect(await a.title(conversation)).toBe('Better');
  await a.sync();
  expect(server.rows.get(conversation)?.title).toBe('Better');
  expect(await a.outbox()).toEqual([]);
});

test('a rename and a deletion reach the other device', async () => {
  const { a, b, conversation } = await twoDevices();
  const id = await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await a.do((stored, writing) => renameConversation(stored, conversation, 'Renamed', writing));
  await a.sync();
  await b.sync();
  expect(await b.title(conversation)).toBe('Renamed');
  await a.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await a.sync();
  await b.sync();
  expect(await b.conversation(conversation)).toBeUndefined();
  expect(await b.message(id)).toBeUndefined();
});

test('what was purged does not come back, whatever arrives late', async () => {
  const { a, b, conversation } = await twoDevices();
  const id = await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await a.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await b.do((stored, writing) => renameConversation(stored, conversation, 'Mine', writing));
  await a.sync();
  await b.sync();
  await a.sync();
  expect(await a.conversation(conversation)).toBeUndefined();
  expect(await b.conversation(conversation)).toBeUndefined();
  await a.write('Hello', conversation, id);
  expect(await a.message(id)).toBeUndefined();
  expect(await b.outbox()).toEqual([]);
});

test('a message written into a conversation that was purged elsewhere waits for its writer', async () => {
  const { a, b, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await a.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await a.sync();
  const id = await b.write('An answer', conversation);
  await b.sync();
  expect(await b.outbox()).toMatchObject([{ id, state: 'refused', refusal: 'gone' }]);
  expect(await b.texts(conversation)).toEqual(['An answer']);
});

test('a trashing loses against a message written after it, and holds against one before', async () => {
  const { a, b, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  await a.sync();
  await b.sync();
  await a.write('Before', conversation);
  await a.do((stored, writing) => trashConversation(stored, conversation, true, writing));
  await a.sync();
  expect((await a.conversation(conversation))?.trashRank).toBeDefined();
  await b.sync();
  expect((await b.conversation(conversation))?.rank).toBeUndefined();
  await b.write('After', conversation);
  expect((await b.conversation(conversation))?.rank).toBeDefined();
  await b.sync();
  await a.sync();
  expect((await a.conversation(conversation))?.rank).toBeDefined();
});

test('a new conversation trashed before it was ever sent stays in the trash', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  await a.do((stored, writing) => trashConversation(stored, conversation, true, writing));
  await a.sync();
  expect(server.rows.get(conversation)?.trashed).toBe(true);
  expect((await a.conversation(conversation))?.trashRank).toBeDefined();
});

test('a first sync walks all pages, and is resumed where it was cut', async () => {
  const { server, a, conversation } = await twoDevices();
  for (let i = 0; i < 1_200; i++) await a.write(`message ${i}`, conversation);
  await a.sync();
  const c = newDevice(server, 'c');
  c.fates = [(_request, answer) => ({ is: 'answered', answer: answer(), at: c.now() }), lostRequest];
  expect((await c.sync()).is).toBe('failed');
  expect((await c.texts(conversation)).length).toBeGreaterThan(100);
  await a.write('meanwhile', conversation);
  await a.sync();
  await c.sync();
  expect(await c.texts(conversation)).toEqual([
    ...Array.from({ length: 1_200 }, (_, i) => `message ${i}`),
    'meanwhile',
  ]);
});

test('a thousand messages written offline need no more than three requests', async () => {
  const { a, conversation } = await twoDevices();
  for (let i = 0; i < 1_000; i++) await a.write(`message ${i}`, conversation);
  a.requests = [];
  await a.sync();
  expect(a.requests.length).toBeLessThanOrEqual(3);
  expect(await a.outbox()).toEqual([]);
});

test('pages hear when a cycle begins, what changed, and when it ends', async () => {
  const { a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  a.told = [];
  await a.sync();
  expect(a.told[0]).toBe('syncing');
  expect(a.told.at(-1)).toBe('quiet');
  expect(a.told).toContain(conversation);
});
