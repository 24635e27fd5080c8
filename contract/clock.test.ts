import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, clockAbove, clockMs, laterClock, makeClock } from './clock.ts';

const device = 'k3j9x0q2m7ab';
const ms = fc.integer({ min: 0, max: 253_402_300_799_999 });
const counter = fc.integer({ min: 0, max: 9_999 });
const clock = fc.tuple(ms, counter).map(([at, n]) => makeClock(at, n, device));

describe('clocks', () => {
  test('compare as strings the way they compare as numbers', () => {
    fc.assert(
      fc.property(ms, counter, ms, counter, (a, i, b, j) => {
        const order = Math.sign(a - b || i - j);
        const first = makeClock(a, i, device);
        const second = makeClock(b, j, device);
        expect(first < second ? -1 : first > second ? 1 : 0).toBe(order);
      }),
    );
  });

  test('made above another are above it, also when its counter is full', () => {
    fc.assert(
      fc.property(ms, clock, (at, floor) => {
        const above = clockAbove(at, floor, device);
        expect(above > floor).toBe(true);
        expect(clockMs(above)).toBeGreaterThanOrEqual(at);
      }),
    );
    expect(clockAbove(5, makeClock(7, 9_999, device), device)).toBe(makeClock(8, 0, device));
  });

  test('of nothing are the lowest', () => {
    const one = makeClock(1, 0, device);
    expect(laterClock(null, one)).toBe(one);
    expect(laterClock(one, null)).toBe(one);
    expect(laterClock(one, makeClock(2, 0, device))).toBe(makeClock(2, 0, device) satisfies Clock);
  });

  test('cannot be made for a time before 1970 or one that is no number', () => {
    expect(() => makeClock(-1, 0, device)).toThrow(RangeError);
    expect(() => makeClock(Number.NaN, 0, device)).toThrow(RangeError);
  });
});
