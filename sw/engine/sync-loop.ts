import { oneAtATime } from './one-at-a-time.ts';
import type { Time } from './ports.ts';
import { dueTime, type Gathering, gather, rules, type Situation, type Trigger } from './schedule.ts';

/** One timer; setting it again replaces it. It may never go off: whoever wakes first does what is overdue. */
export interface Alarm {
  set(at: number, then: () => void): void;
}

export interface SyncLoopParts {
  time: Time;
  alarm: Alarm;
  /** null while there is no account to sync. */
  situation(): Promise<Omit<Situation, 'now'> | null>;
  run(): Promise<void>;
  /** Told of what a run by the clock, which nobody waits for, threw. */
  failed(error: unknown): void;
}

export interface SyncLoop {
  /** Resolves when what was asked for is served, or will not be served within seconds. */
  trigger(kind: Trigger): Promise<void>;
}

/** A pause after a failure that ends within this is waited for: the browser may not wake the worker again for minutes. */
const soonMs = 10_000;

/** Decides for every trigger whether and when it leads to a sync; never two at a time. */
export function createSyncLoop({ time, alarm, situation, run, failed }: SyncLoopParts): SyncLoop {
  const gathering = new Map<Trigger, Gathering>();
  const held = new Set<() => void>();
  const runAlone = oneAtATime(runGathered);

  /** Takes all that was gathered; the returned function ends the waiting for it. */
  function takeGathered(): () => void {
    gathering.clear();
    const released = [...held];
    held.clear();
    return () => {
      for (const end of released) end();
    };
  }

  async function runGathered(): Promise<void> {
    const end = takeGathered();
    try {
      await run();
    } finally {
      end();
    }
  }

  async function due(kind: Trigger): Promise<number | null> {
    const found = await situation();
    return found === null ? null : dueTime(kind, { ...found, now: time.now() });
  }

  async function isDueNow(kind: Trigger): Promise<boolean> {
    const asked = await due(kind);
    return asked !== null && asked <= time.now();
  }

  async function serve(kind: Trigger): Promise<void> {
    try {
      await runAlone(() => isDueNow(kind));
    } finally {
      await setAlarm();
    }
  }

  async function setAlarm(): Promise<void> {
    const poll = await due('poll');
    const dues = [...gathering.values()].map((one) => one.due);
    if (poll !== null) dues.push(poll);
    if (dues.length > 0) alarm.set(Math.min(...dues), () => wake().catch(failed));
  }

  async function wake(): Promise<void> {
    const now = time.now();
    const gathered = [...gathering].find(([, { due }]) => due <= now);
    if (gathered === undefined) return trigger('poll');
    if (await isDueNow(gathered[0])) return serve(gathered[0]);
    // The network went meanwhile: what was gathered waits like everything else.
    takeGathered()();
    await setAlarm();
  }

  async function waitForGathered(): Promise<void> {
    const served = new Promise<void>((resolve) => held.add(resolve));
    await setAlarm();
    return served;
  }

  async function trigger(kind: Trigger): Promise<void> {
    const asked = await due(kind);
    const now = time.now();
    const endsWait = rules[kind].endsWaitAfterMs !== null;
    if (asked === null || asked > now + (endsWait ? soonMs : 0)) return setAlarm();
    if (asked > now || rules[kind].debounceMs > 0) {
      const gathered = gather(kind, gathering.get(kind) ?? null, now);
      gathering.set(kind, { ...gathered, due: Math.max(gathered.due, asked) });
      return waitForGathered();
    }
    // The browser offers to sync as soon as it is asked to; what is still being typed is not sent for that.
    if (kind === 'background-sync' && gathering.size > 0) return waitForGathered();
    return serve(kind);
  }

  return { trigger };
}
