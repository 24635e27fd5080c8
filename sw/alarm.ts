import type { Alarm } from './engine/sync-loop.ts';

const longestMs = 10 * 60_000;

/** An alarm that can also be looked at: a timer may be late by as long as the machine slept. */
export interface WorkerAlarm extends Alarm {
  /** Goes off now if its time has come. */
  look(): void;
}

/** A timer that lives as long as this worker does. */
export function workerAlarm(): WorkerAlarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Number.POSITIVE_INFINITY;
  let ring: () => void = () => undefined;
  const goOff = () => {
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
    ring();
  };
  return {
    set(at, then) {
      clearTimeout(timer);
      due = at;
      ring = then;
      timer = setTimeout(goOff, Math.min(longestMs, Math.max(0, at - Date.now())));
    },
    look() {
      if (Date.now() >= due) goOff();
    },
  };
}
