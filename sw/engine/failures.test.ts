import { expect, test } from 'vitest';
import type { SyncState } from '../../contract/database.ts';
import { withProblem } from './failures.ts';
import { lostRequest, newDevice, refusedWith, seededRandom } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

const slowest = { ...seededRandom(1), fraction: () => 0.999_999 };

async function failed(times: number): Promise<SyncState> {
  let state = await newDevice(new ModelServer()).state();
  for (let i = 0; i < times; i++) state = withProblem(state, 'network', 0, null, slowest);
  return state;
}

test('a server that asks for a second after hours without a network is given about a second', async () => {
  const state = withProblem(await failed(40), 'throttled', 0, 1, slowest);
  expect(state.nextDue).toBeLessThanOrEqual(3_000);
  expect(state.problem).toMatchObject({ code: 'throttled', failures: 41, notBefore: 1_000 });
});

test('a server that is busy again and again is given more and more time', async () => {
  let state = await failed(10);
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    state = withProblem(state, 'throttled', 0, 1, slowest);
    waits.push(Math.round(state.nextDue / 1_000));
  }
  expect(waits).toEqual([3, 5, 9, 17, 33, 65, 129, 257, 301]);
});

test('failures of two kinds by turns make the waits of both grow', async () => {
  let state = await failed(0);
  for (let i = 0; i < 8; i++) {
    state = withProblem(state, 'network', 0, null, slowest);
    state = withProblem(state, 'server', 0, null, slowest);
  }
  expect(state.nextDue).toBeGreaterThan(250_000);
});

test('once the server answers, all is forgotten', async () => {
  const device = newDevice(new ModelServer());
  device.fates = [lostRequest, refusedWith(503, 'busy', 1)];
  await device.sync();
  await device.sync();
  expect((await device.state()).problem).toMatchObject({ code: 'throttled', failures: 2 });
  await device.sync();
  expect((await device.state()).problem).toBeNull();
});
