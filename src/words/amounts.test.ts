import { expect, test } from 'vitest';
import { amountOfBytes, wholeNumber } from './amounts.ts';

test('amounts are short and round', () => {
  expect(amountOfBytes(148_400_000)).toBe('148 MB');
  expect(amountOfBytes(2_130_000_000)).toBe('2.1 GB');
  expect(amountOfBytes(0)).toBe('0 kB');
  expect(amountOfBytes(5_000_000_000_000)).toBe('5,000 GB');
});

test('long numbers are grouped', () => {
  expect(wholeNumber(32_000)).toBe('32,000');
});
