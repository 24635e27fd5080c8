import { expect, test } from 'vitest';
import type { MeasuredNetwork } from '../../contract/database.ts';
import type { Policy } from '../../contract/wire.ts';
import { deadline, isPoor, learned, pageSize, timedOut } from './measured-network.ts';

const policy: Policy = { tier: 'core', interval: 60, maxOps: 500, maxPull: 5_000 };
const rowBytes = 180;

/** What is known after pages over a line of so many bytes a millisecond; and how large the pages were. */
function pagesOver(rate: number, latency: number, pages = 6) {
  let network: MeasuredNetwork | undefined = learned(undefined, { ms: latency, bytesUp: 300, bytesDown: 500 }, 0);
  const sizes: number[] = [];
  for (let page = 0; page < pages; page++) {
    const rows = pageSize(network, policy, isPoor(network, null));
    sizes.push(rows);
    const bytesDown = rows * rowBytes;
    network = learned(network, { ms: latency + bytesDown / rate, bytesUp: 300, bytesDown }, rows);
  }
  return { network, sizes };
}

test('a first page is small, and those after it grow with what the line carries, up to what the server gives', () => {
  const { sizes } = pagesOver(20_000, 20);
  expect(sizes[0]).toBeLessThanOrEqual(200);
  expect(sizes.at(-1)).toBe(5_000);
  expect(pageSize(pagesOver(20_000, 20).network, { ...policy, maxPull: 800 }, false)).toBe(800);
});

test('on a slow line pages come down to twenty entities', () => {
  const { sizes } = pagesOver(6, 800);
  expect(sizes.at(-1)).toBe(20);
  expect(pageSize(undefined, null, true)).toBe(20);
});

test('pages on a line in between take about as long as they should', () => {
  const { network, sizes } = pagesOver(400, 80, 12);
  const ms = ((sizes.at(-1) ?? 0) * rowBytes) / 400;
  expect(ms).toBeGreaterThan(200);
  expect(ms).toBeLessThan(800);
  expect(network?.rate).toBeGreaterThan(200);
});

test('the server may say how large pages are', () => {
  const pageSizes = { first: 50, most: 300 };
  expect(pageSize(undefined, { ...policy, pageSizes }, false)).toBe(50);
  expect(pageSize(pagesOver(20_000, 20).network, { ...policy, pageSizes }, false)).toBe(300);
});

test('after a time-out less is asked for and more time is given, up to a cap', () => {
  const { network } = pagesOver(2_000, 20);
  const once = timedOut(network);
  expect(pageSize(once, policy, true)).toBe(Math.round(pageSize(network, policy, false) / 2));
  expect(deadline(once, 0, 100)).toBe(2 * deadline(network, 0, 100));
  let often = network;
  for (let i = 0; i < 20; i++) often = timedOut(often);
  expect(deadline(often, 0, 100)).toBe(100_000);
  expect(pageSize(often, policy, true)).toBe(20);
  expect(learned(often, undefined, 0).timeouts).toBe(0);
});

test('a slow line gets the time that it needs', () => {
  const { network } = pagesOver(10, 900);
  expect(deadline(undefined, 0, 100)).toBe(20_000);
  expect(deadline(network, 200_000, 20)).toBeGreaterThan(60_000);
});

test('a connection is poor if the browser says so, if it saves data, or if everything takes long', () => {
  const good = { saveData: false, effectiveType: '4g', rtt: 50 };
  expect(isPoor(undefined, null)).toBe(false);
  expect(isPoor(undefined, good)).toBe(false);
  expect(isPoor(undefined, { ...good, saveData: true })).toBe(true);
  for (const effectiveType of ['slow-2g', '2g']) expect(isPoor(undefined, { ...good, effectiveType })).toBe(true);
  expect(isPoor(undefined, { ...good, rtt: 2_000 })).toBe(true);
  expect(isPoor(learned(undefined, { ms: 2_000, bytesUp: 300, bytesDown: 400 }, 0), good)).toBe(true);
  expect(isPoor(timedOut(undefined), null)).toBe(true);
});
