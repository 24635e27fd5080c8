import { expect, test } from 'vitest';
import { makeSyncMeter } from './sync-meter.ts';

test('use is the part of their time that the lanes worked, also for requests that wait or are still under way', () => {
  let now = 0;
  const meter = makeSyncMeter(2, () => now);
  const first = meter.begin();
  now = 50;
  const [second, third] = [meter.begin(), meter.begin()];
  expect(meter.running()).toBe(3);
  now = 100;
  // One lane for 50 ms, then both.
  expect(meter.read().use).toBe(0.75);
  now = 150;
  for (const ended of [first, second, third]) ended();
  now = 200;
  expect(meter.read()).toEqual({ use: 0.5, medianMs: 100 });
  now = 300;
  expect(meter.read()).toEqual({ use: 0, medianMs: null });
});

test('one slow request does not make all look slow', () => {
  let now = 0;
  const meter = makeSyncMeter(1, () => now);
  for (const took of [3, 5_000, 4, 2]) {
    const ended = meter.begin();
    now += took;
    ended();
  }
  expect(meter.read().medianMs).toBe(3);
});
