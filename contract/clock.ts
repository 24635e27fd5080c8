import * as v from 'valibot';

/**
 * When a field was written: milliseconds, a counter, the device. Written so that comparing clocks is comparing
 * strings, the same in JavaScript and in SQL (collate "C"): `001763646539123.0001.k3j9x0q2m7ab`.
 */
export type Clock = string & { readonly clock: unique symbol };

const shape = /^\d{15}\.\d{4}\.[0-9a-z]{12}$/;
const counterMost = 9_999;

export const ClockSchema = v.custom<Clock>((x) => typeof x === 'string' && shape.test(x), 'not a clock');

export const DeviceIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-z]{12}$/));

export function makeClock(ms: number, counter: number, device: string): Clock {
  if (!Number.isSafeInteger(ms) || ms < 0 || ms > 999_999_999_999_999 || counter < 0 || counter > counterMost) {
    throw new RangeError(`no clock can say ${ms}.${counter}`);
  }
  return `${String(ms).padStart(15, '0')}.${String(counter).padStart(4, '0')}.${device}` as Clock;
}

export function clockMs(clock: Clock): number {
  return Number(clock.slice(0, 15));
}

function clockCounter(clock: Clock): number {
  return Number(clock.slice(16, 20));
}

/** The first clock of this device at or after `ms` that is above `floor`. */
export function clockAbove(ms: number, floor: Clock | null, device: string): Clock {
  const start = Math.max(0, Math.trunc(ms));
  if (floor === null || clockMs(floor) < start) return makeClock(start, 0, device);
  const counter = clockCounter(floor) + 1;
  return counter > counterMost ? makeClock(clockMs(floor) + 1, 0, device) : makeClock(clockMs(floor), counter, device);
}

/** The higher of two clocks, where none at all is the lowest. */
export function laterClock(a: Clock | null, b: Clock | null): Clock | null {
  if (a === null) return b;
  if (b === null) return a;
  return a > b ? a : b;
}
