import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { coldLeastMs, letColdLeave } from '../engine/leave-cold.ts';
import { Device } from '../engine/testing/device.ts';
import { ModelServer } from '../engine/testing/model-server.ts';
import { accountStore } from './account-store.ts';

/** Part of the browser's storage with a quota of its own. */
interface Bucket {
  indexedDB: IDBFactory;
}
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<Bucket>;
  delete(name: string): Promise<void>;
}

const { storageBuckets } = navigator as unknown as { storageBuckets: StorageBuckets };
const usual = globalThis.indexedDB;
const quota = 6_000_000;
let bucket = '';

function storeIn(factory: IDBFactory): void {
  Object.defineProperty(globalThis, 'indexedDB', { value: factory, configurable: true });
}

beforeEach(async () => {
  bucket = newId(Date.now(), crypto);
  storeIn((await storageBuckets.open(bucket, { quota })).indexedDB);
});

afterEach(async () => {
  storeIn(usual);
  await storageBuckets.delete(bucket);
});

/** Text that does not compress. */
function noise(): string {
  const units = crypto.getRandomValues(new Uint16Array(30_000));
  return Array.from(units, (unit) => String.fromCharCode(1 + (unit % 0xd000))).join('');
}

async function filled(messages: number) {
  const server = new ModelServer();
  const device = new Device(server, accountStore('account'), 1);
  await device.sync();
  const [old, recent] = [device.newId(), device.newId()];
  for (let i = 0; i < messages; i++) await device.write(noise(), old);
  await device.sync();
  return { server, device, old, recent };
}

const writesMost = 200;

test('on a full device old messages that the server has make room for what a person writes', async () => {
  const { server, device, old, recent } = await filled(40);
  server.time += coldLeastMs + 1;
  await device.write('recent', recent);
  await device.sync();
  await letColdLeave(device.store);
  expect((await device.texts(old)).length).toBe(40);
  let written = 1;
  while ((await device.texts(old)).length > 0 && written < writesMost) {
    await device.write(noise(), recent);
    written += 1;
  }
  expect((await device.texts(old)).length).toBe(0);
  expect((await device.texts(recent)).length).toBe(written);
});

test('where nothing may leave, the write fails and leaves nothing behind', async () => {
  const { device, old } = await filled(40);
  let written = 40;
  let failure: unknown = null;
  while (failure === null && written < writesMost) {
    await device.write(noise(), old).then(
      () => {
        written += 1;
      },
      (error: unknown) => {
        failure = error;
      },
    );
  }
  expect(failure).toMatchObject({ name: 'QuotaExceededError' });
  expect((await device.texts(old)).length).toBe(written);
});
