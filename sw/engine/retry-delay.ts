import type { Random } from './ports.ts';

const firstMs = 2_000;
const mostMs = 5 * 60_000;
const retryAfterMostMs = 60 * 60_000;

/** No due time is ever set further ahead than this, so one that is was written by a clock that has been set back. */
export const longestDelayMs = retryAfterMostMs;

/** Milliseconds to wait after so many failures in a row: exponential, capped, with full jitter; never less than asked for. */
export function retryDelay(failures: number, retryAfterSeconds: number | null, random: Random): number {
  const grown = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20));
  const jittered = Math.floor(random.fraction() * grown);
  return Math.min(retryAfterMostMs, pauseMs(retryAfterSeconds ?? 0) + jittered);
}

/** The pause that a server asked for. */
export function pauseMs(retryAfterSeconds: number): number {
  return Math.min(retryAfterMostMs, Math.max(0, retryAfterSeconds * 1_000));
}

/** Whether a persisted due time has come. */
export function isDue(due: number, now: number): boolean {
  return due <= now || due - now > longestDelayMs;
}
