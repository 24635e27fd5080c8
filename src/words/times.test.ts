import { expect, test } from 'vitest';
import { ago, exactTimeOfDay, listTime, timeOfDay } from './times.ts';

const now = new Date(2026, 10, 20, 9, 41, 2).getTime();
const day = 86_400_000;

test('times are written as on a receipt', () => {
  expect(timeOfDay(now)).toBe('09:41');
  expect(exactTimeOfDay(now)).toBe('09:41:02');
  expect(timeOfDay(new Date(2026, 10, 20, 0, 5).getTime())).toBe('00:05');
});

test('the list shows the time today, then the day, then the year', () => {
  expect(listTime(now - 3_600_000, now)).toBe('08:41');
  expect(listTime(now - 10 * 3_600_000, now)).toBe('Yesterday');
  expect(listTime(now - 3 * day, now)).toBe('17 Nov');
  expect(listTime(new Date(2025, 10, 17).getTime(), now)).toBe('17 Nov 2025');
});

test('how long ago is said in one unit', () => {
  expect(ago(now - 59_000, now)).toBe('just now');
  expect(ago(now - 61_000, now)).toBe('1 min ago');
  expect(ago(now - 3 * 3_600_000, now)).toBe('3 h ago');
  expect(ago(now - day, now)).toBe('1 day ago');
  expect(ago(now - 200 * day, now)).toBe('200 days ago');
});
