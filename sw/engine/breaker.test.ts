import { expect, test } from 'vitest';
import type { Breaker, ProblemCode } from '../../contract/database.ts';
import { breakerAfter, breakerStands } from './breaker.ts';

function after(problems: ProblemCode[], now = 0): Breaker | undefined {
  let breaker: Breaker | undefined;
  for (const problem of problems) breaker = breakerAfter(breaker, problem, now);
  return breaker;
}

const four: ProblemCode[] = ['network', 'server', 'invalid-answer', 'network'];

test('a server is left alone after five failures in a row, and asked again after half a minute', () => {
  expect(breakerStands(undefined, 0)).toBe('closed');
  expect(breakerStands(after(four), 0)).toBe('closed');
  const open = after([...four, 'server'], 1_000);
  expect(breakerStands(open, 30_999)).toBe('open');
  expect(breakerStands(open, 31_000)).toBe('half-open');
});

test('one more failure after that leaves it alone again', () => {
  const again = breakerAfter(after([...four, 'server']), 'network', 40_000);
  expect(breakerStands(again, 69_999)).toBe('open');
});

test('a server that says no is there: the row is broken', () => {
  for (const problem of ['throttled', 'tier', 'signed-out', 'too-old', 'refused'] as ProblemCode[]) {
    expect(after([...four, problem, 'network'])).toEqual({ failures: 1, openUntil: null });
  }
});

test('a clock that is set back does not leave it alone for years', () => {
  const open = after([...four, 'server'], 1_000_000_000);
  expect(breakerStands(open, 0)).toBe('half-open');
});
