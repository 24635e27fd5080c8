import { expect, test } from 'vitest';
import { discardWaiting } from './needs-attention.ts';
import { purge } from './purge.ts';
import { Device } from './testing/device.ts';
import { MemoryDatabase } from './testing/memory-database.ts';
import { memoryStore } from './testing/memory-store.ts';
import { ModelServer } from './testing/model-server.ts';

/** A device with something written that the server has not heard of, and the same on another machine. */
async function twice() {
  const server = new ModelServer();
  const name = 'a00000000000';
  const contents = new MemoryDatabase(name);
  const here = new Device(server, memoryStore(name, contents), 1);
  await here.sync();
  const conversation = here.newId();
  const message = await here.write('Hello', conversation);
  const there = new Device(server, memoryStore(name, contents.copy()), 2);
  return { server, here, there, conversation, message };
}

test('a conversation purged on one copy of a profile before it was sent is purged where the other has sent it', async () => {
  const { server, here, there, conversation } = await twice();
  await there.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await here.sync();
  expect(server.rows.has(conversation)).toBe(true);
  await there.sync();
  expect(server.gone.has(conversation)).toBe(true);
  await here.sync();
  expect(await here.conversation(conversation)).toBeUndefined();
  expect([await here.outbox(), await there.outbox()]).toEqual([[], []]);
});

test('a message given up on one copy of a profile is taken back where the other has sent it', async () => {
  const { server, here, there, conversation, message } = await twice();
  await there.do((stored, writing) => discardWaiting(stored, message, writing));
  await here.sync();
  await there.sync();
  expect([server.rows.has(conversation), server.rows.has(message)]).toEqual([true, false]);
});

test('what was never sent from anywhere is purged without a word to the server', async () => {
  const { server, there, conversation } = await twice();
  await there.do((stored, writing) => purge(stored, 'conversation', conversation, writing));
  await there.sync();
  expect(server.gone.size).toBe(0);
});
