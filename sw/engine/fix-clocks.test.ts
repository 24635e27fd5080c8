import { expect, test } from 'vitest';
import { type Clock, clockMs, makeClock } from '../../contract/clock.ts';
import type { LocalField, Written } from '../../contract/database.ts';
import { fixClocks, fixClocksAgain } from './fix-clocks.ts';

const me = 'me'.padEnd(12, '0');
const other = 'other'.padEnd(12, '0');
const fresh = { device: me, offset: 0, seen: null, fixed: null };

function recordOf(written: Partial<Written>, clock: Clock | null = null) {
  const title: LocalField<string> = {
    value: 'T',
    clock,
    written: { device: 1_000, server: null, seen: null, order: 1, ...written },
  };
  return { local: { title } };
}
const clockOf = (record: ReturnType<typeof recordOf>) => record.local.title.clock ?? ('' as Clock);

test('a clock is the device’s time when it was written, by the server’s reckoning', () => {
  const record = recordOf({ device: 5_000 });
  fixClocks([record], { ...fresh, offset: 700 });
  expect(clockOf(record)).toBe(makeClock(5_700, 0, me));
});

test('a clock is not below the server’s time that was known when it was written', () => {
  const record = recordOf({ device: 5_000, server: 9_000 });
  fixClocks([record], fresh);
  expect(clockOf(record)).toBe(makeClock(9_000, 0, me));
});

test('a clock is above every clock seen when it was written, but not above those seen since', () => {
  const seen = makeClock(8_000, 3, other);
  const record = recordOf({ device: 5_000, seen });
  fixClocks([record], { ...fresh, seen: makeClock(99_000, 0, other) });
  expect(clockOf(record) > seen).toBe(true);
  expect(clockMs(clockOf(record))).toBe(8_000);
});

test('clocks are fixed in order of writing, each above the one before and all fixed earlier', () => {
  const first = recordOf({ device: 5_000, order: 1 });
  const second = recordOf({ device: 2_000, order: 2 });
  const earlier = makeClock(7_000, 0, me);
  const after = fixClocks([second, first], { ...fresh, fixed: earlier });
  expect(clockOf(first) > earlier).toBe(true);
  expect(clockOf(second) > clockOf(first)).toBe(true);
  expect(after).toEqual({ fixed: clockOf(second), seen: clockOf(second) });
});

test('a clock that is fixed stays as it is', () => {
  const clock = makeClock(4_000, 0, me);
  const record = recordOf({}, clock);
  fixClocks([record], fresh);
  expect(clockOf(record)).toBe(clock);
});

test('clocks fixed again keep their order, and none is above the server’s time', () => {
  const wild = [makeClock(900_000, 0, me), makeClock(900_000, 1, me)] as const;
  const first = recordOf({ device: 900_000, order: 1, seen: makeClock(800_000, 0, me) }, wild[0]);
  const second = recordOf({ device: 900_000, order: 2, seen: wild[0] }, wild[1]);
  const after = fixClocksAgain([second, first], new Set(wild), { device: me, offset: 0, seen: wild[1] }, 50_000);
  expect(clockOf(second) > clockOf(first)).toBe(true);
  expect(clockMs(clockOf(second))).toBeLessThanOrEqual(50_000);
  expect(after.seen).toBe(clockOf(second));
});

test('only clocks of the refused request are fixed again', () => {
  const kept = makeClock(4_000, 0, me);
  const record = recordOf({}, kept);
  fixClocksAgain([record], new Set([makeClock(900_000, 0, me)]), { device: me, offset: 0, seen: null }, 50_000);
  expect(clockOf(record)).toBe(kept);
});
