import { expect, test } from 'vitest';
import { isDue, longestDelayMs, retryDelay } from './retry-delay.ts';

const always = (fraction: number) => ({ fraction: () => fraction, getRandomValues: <T>(bytes: T) => bytes });

test('waits grow with every failure up to five minutes', () => {
  const longest = [1, 2, 3, 8, 9, 500].map((failures) => retryDelay(failures, null, always(0.999_999_9)));
  expect(longest.map((ms) => Math.round(ms / 1_000))).toEqual([2, 4, 8, 256, 300, 300]);
});

test('the whole wait is jittered', () => {
  expect(retryDelay(5, null, always(0))).toBe(0);
  expect(retryDelay(5, null, always(0.5))).toBe(16_000);
});

test('a pause that the server asks for is the least, and never more than an hour', () => {
  expect(retryDelay(1, 100, always(0))).toBe(100_000);
  expect(retryDelay(1, 1e9, always(0.5))).toBe(longestDelayMs);
  expect(retryDelay(1, -5, always(0))).toBe(0);
});

test('a due time further away than any wait can be is due', () => {
  expect(isDue(1_000, 999)).toBe(false);
  expect(isDue(1_000, 1_000)).toBe(true);
  expect(isDue(longestDelayMs + 1, 0)).toBe(true);
});
