import { expect, test } from 'vitest';
import type { SyncState } from '../../contract/database.ts';
import { problemOf, startedAfresh, withProblem } from './failures.ts';
import { lostRequest, newDevice, refusedWith, seededRandom } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

const slowest = { ...seededRandom(1), fraction: () => 0.999_999 };

async function failed(times: number): Promise<SyncState> {
  let state = await newDevice(new ModelServer()).state();
  for (let i = 0; i < times; i++) state = withProblem(state, { problem: 'network', retryAfter: null }, 0, slowest);
  return state;
}

test('a server that asks for a second after hours without a network is given about a second', async () => {
  const state = withProblem(await failed(40), { problem: 'throttled', retryAfter: 1 }, 0, slowest);
  expect(state.nextDue).toBeLessThanOrEqual(3_000);
  expect(state.problem).toMatchObject({ code: 'throttled', failures: 41, notBefore: 1_000 });
});

test('a server that is busy again and again is given more and more time', async () => {
  let state = await failed(10);
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    state = withProblem(state, { problem: 'throttled', retryAfter: 1 }, 0, slowest);
    waits.push(Math.round(state.nextDue / 1_000));
  }
  expect(waits).toEqual([3, 5, 9, 17, 33, 65, 129, 257, 301]);
});

test('failures of two kinds by turns make the waits of both grow', async () => {
  let state = await failed(0);
  for (let i = 0; i < 8; i++) {
    state = withProblem(state, { problem: 'network', retryAfter: null }, 0, slowest);
    state = withProblem(state, { problem: 'server', retryAfter: null }, 0, slowest);
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

test('the network that is back, or a person who asks, makes the waits short again', async () => {
  const state = startedAfresh(await failed(40));
  const again = withProblem(state, { problem: 'network', retryAfter: null }, 0, slowest);
  expect(again.nextDue).toBeLessThanOrEqual(2_000);
  expect(again.problem?.failures).toBe(41);
});

test('a proxy or a login page in between does not end syncing, whatever status it gives', () => {
  for (const status of [403, 410, 426, 404, 511]) {
    expect(problemOf({ is: 'refused', status, code: '', retryAfter: null })).toBe('server');
  }
  expect(problemOf({ is: 'refused', status: 410, code: 'gone', retryAfter: null })).toBe('account-gone');
});
