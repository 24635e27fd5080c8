import { expect, test } from 'vitest';
import type { SyncRequest } from '../../contract/wire.ts';
import type { Sent, Store } from './ports.ts';
import { Device, newDevice } from './testing/device.ts';
import { memoryStore, StorageFailure } from './testing/memory-store.ts';
import { ModelServer } from './testing/model-server.ts';

const count = 900;

async function withHistory() {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  await a.sync();
  const conversation = a.newId();
  for (let i = 0; i < count; i++) await a.write(`message ${i}`, conversation);
  await a.sync();
  return { server, a, conversation };
}

const all = Array.from({ length: count }, (_, i) => `message ${i}`);

/** A device on which log has every request as it is made and every answer as it is stored. */
function watched(server: ModelServer) {
  const log: string[] = [];
  const inner = memoryStore('b00000000000');
  let failing = 0;
  const store: Store = {
    ...inner,
    async change(durability, work) {
      const before = (await inner.read((stored) => stored.state())).cursor;
      const result = await inner.change(durability, async (stored) => {
        const done = await work(stored);
        const { cursor } = await stored.state();
        const moved = cursor?.floor !== before?.floor || cursor?.seq !== before?.seq;
        if (moved && failing > 0 && --failing === 0) throw new StorageFailure('full');
        return done;
      });
      const after = (await inner.read((stored) => stored.state())).cursor;
      if (after?.floor !== before?.floor || after?.seq !== before?.seq) log.push('stored');
      return result;
    },
  };
  const device = new Device(server, store, 3);
  const answering = (request: SyncRequest, answer: () => ReturnType<ModelServer['answer']>): Sent => {
    log.push(request.ops.length > 0 ? `asked with ${request.ops.length}` : 'asked');
    return { is: 'answered', answer: answer(), at: device.now() };
  };
  device.fates = Array.from({ length: 50 }, () => answering);
  return { device, log, failStore: (nth: number) => (failing = nth), read: inner };
}

test('the next page is on its way while one is stored, and every row arrives once', async () => {
  const { server, conversation } = await withHistory();
  const { device, log } = watched(server);
  await device.sync();
  expect(log.slice(0, 4)).toEqual(['asked', 'asked', 'stored', 'asked']);
  expect(log.filter((one) => one === 'asked').length).toBe(log.filter((one) => one === 'stored').length);
  expect(await device.texts(conversation)).toEqual(all);
});

test('a page that could not be stored is asked for again, and the one after it is not taken before it', async () => {
  const { server, conversation } = await withHistory();
  const { device, failStore } = watched(server);
  failStore(2);
  expect(await device.sync()).toEqual({ is: 'failed', problem: 'storage' });
  const { cursor } = await device.state();
  expect(device.requests.at(-1)?.cursor?.floor).toBeLessThan(cursor?.floor ?? 0);
  await device.sync();
  expect(await device.texts(conversation)).toEqual(all);
});

test('what is written during a long first sync goes out with one of the next requests, not after the last', async () => {
  const { server, conversation } = await withHistory();
  const { device, log } = watched(server);
  const [first, ...rest] = device.fates;
  device.fates = [
    async (request, answer) => {
      await device.write('meanwhile', device.newId());
      return first?.(request, answer) ?? { is: 'no-answer', lost: false };
    },
    ...rest,
  ];
  await device.sync();
  expect(log.slice(0, 5)).toContain('asked with 2');
  expect(await device.texts(conversation)).toEqual(all);
  expect(await device.outbox()).toEqual([]);
});

test('what changes between two pages is not missed', async () => {
  const { server, a, conversation } = await withHistory();
  const { device } = watched(server);
  const fates = device.fates;
  device.fates = fates.map((fate, index) => async (request, answer) => {
    if (index === 2) {
      await a.write('in between', conversation);
      await a.sync();
    }
    return fate(request, answer);
  });
  await device.sync();
  await device.sync();
  expect(await device.texts(conversation)).toEqual([...all, 'in between']);
});
