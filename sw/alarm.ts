import type { Alarm } from './engine/sync-loop.ts';

const longestMs = 10 * 60_000;

/** A timer that lives as long as this worker does. */
export function workerAlarm(): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    set(at, then) {
      clearTimeout(timer);
      timer = setTimeout(then, Math.min(longestMs, Math.max(0, at - Date.now())));
    },
  };
}
