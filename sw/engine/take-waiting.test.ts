import { expect, test } from 'vitest';
import { limits } from '../../contract/limits.ts';
import { renameConversation, trashConversation } from './change-conversation.ts';
import type { Store, Stored } from './ports.ts';
import { Device, newDevice } from './testing/device.ts';
import { memoryStore } from './testing/memory-store.ts';
import { ModelServer } from './testing/model-server.ts';

/** The store, and how many entries and records were read from it. */
function counting(store: Store): { store: Store; read: () => number } {
  let read = 0;
  const counted = (stored: Stored): Stored => ({
    ...stored,
    async outbox(after, most) {
      const entries = await stored.outbox(after, most);
      read += entries.length;
      return entries;
    },
    async entities(kind, ids) {
      const records = await stored.entities(kind, ids);
      read += records.size;
      return records;
    },
  });
  return {
    store: {
      ...store,
      read: (work) => store.read((stored) => work(counted(stored))),
      change: (durability, work) => store.change(durability, (stored) => work(counted(stored))),
    },
    read: () => read,
  };
}

test('each request reads what it takes, not all that waits behind it', async () => {
  const { store, read } = counting(memoryStore('a00000000000'));
  const device = new Device(new ModelServer(), store);
  await device.sync();
  const conversation = device.newId();
  for (let i = 0; i < 1_000; i++) await device.write(`message ${i}`, conversation);
  const reads: number[] = [];
  const noting = (): void => void reads.push(read());
  device.fates = Array.from({ length: 3 }, () => (_request, answer) => {
    noting();
    return { is: 'answered', answer: answer(), at: device.now() };
  });
  noting();
  await device.sync();
  expect(device.requests.slice(-3).map(({ ops }) => ops.length)).toEqual([500, 500, 1]);
  const perRequest = reads.slice(1).map((one, index) => one - (reads[index] ?? 0));
  // Entry and record of each op, of one more to know that there is more, and what applying the answer before read.
  for (const one of perRequest) expect(one).toBeLessThan(3 * limits.opsPerRequest);
});

test('a conversation trashed after its last message stays in the trash, however many requests lie between them', async () => {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const conversation = device.newId();
  await device.write('the first', conversation);
  for (let i = 0; i < 40; i++) await device.write(`message ${i}`, conversation);
  await device.do((stored, writing) => trashConversation(stored, conversation, true, writing));
  server.policy = { ...server.policy, maxOps: 5 };
  await device.sync();
  expect(server.rows.get(conversation)).toMatchObject({ trashed: true, count: 41 });
  const other = newDevice(server, 'b');
  await other.sync();
  expect((await other.conversation(conversation))?.trashRank).toBeDefined();
});

test('clocks follow the order of writing across requests, also of what was changed again and again', async () => {
  const server = new ModelServer();
  server.policy = { ...server.policy, maxOps: 3 };
  const device = newDevice(server);
  await device.sync();
  const conversations = Array.from({ length: 6 }, () => device.newId());
  for (const conversation of conversations) await device.write('Hello', conversation);
  for (const [index, conversation] of [...conversations].reverse().entries()) {
    await device.do((stored, writing) => renameConversation(stored, conversation, `name ${index}`, writing));
    await device.write('Again', conversation);
  }
  const written = new Map<string, number>();
  await device.store.read(async (stored) => {
    for (const kind of ['conversation', 'message'] as const) {
      for (const record of await stored.everyEntity(kind)) {
        for (const [field, local] of Object.entries(record.local)) {
          written.set(`${record.id} ${field}`, local.written.order);
        }
      }
    }
  });
  await device.sync();
  const sent = device.requests
    .flatMap(({ ops }) => ops)
    .flatMap((op) =>
      'set' in op ? Object.entries(op.set).map(([field, value]) => [`${op.id} ${field}`, value[1]] as const) : [],
    );
  const byClock = sent.sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([name]) => written.get(name) ?? 0);
  expect(byClock).toEqual([...byClock].sort((a, b) => a - b));
  expect(sent).toHaveLength(written.size);
});
