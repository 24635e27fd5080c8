import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DeviceIdSchema } from './clock.ts';
import { IdSchema, idMs, newDeviceId, newId } from './ids.ts';

describe('ids', () => {
  test('say when they were made and sort by it', () => {
    const first = newId(1_763_646_539_123, crypto);
    const second = newId(1_763_646_539_124, crypto);
    expect(idMs(first)).toBe(1_763_646_539_123);
    expect(first < second).toBe(true);
    expect(v.is(IdSchema, first)).toBe(true);
    expect(first[14]).toBe('7');
  });

  test('are never the same twice, also within a millisecond', () => {
    const made = Array.from({ length: 1_000 }, () => newId(1, crypto));
    expect(new Set(made).size).toBe(1_000);
  });

  test('can be made whatever the device believes the time is', () => {
    expect(v.is(IdSchema, newId(-5, crypto))).toBe(true);
    expect(v.is(IdSchema, newId(Number.MAX_SAFE_INTEGER, crypto))).toBe(true);
  });

  test('of devices fit in a clock', () => {
    expect(v.is(DeviceIdSchema, newDeviceId(crypto))).toBe(true);
  });
});
