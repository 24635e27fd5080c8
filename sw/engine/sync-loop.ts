import { oneAtATime } from './one-at-a-time.ts';
import type { Time } from './ports.ts';
import type { Decision } from './schedule.ts';
import { figures, rules, type Trigger } from './sync-policy.ts';

/** One timer; setting it again replaces it. It may never go off: whoever wakes first does what is overdue. */
export interface Alarm {
  set(at: number, then: () => void): void;
}

export interface SyncLoopParts {
  time: Time;
  alarm: Alarm;
  /** What follows from an event, persisted where it is to outlive the worker; null while there is no account to sync. */
  decide(kind: Trigger): Promise<Decision | null>;
  /** One sync, for the most urgent of what asked for it. */
  run(kind: Trigger): Promise<void>;
  /** Told of what a run by the clock, which nobody waits for, threw. */
  failed(error: unknown): void;
}

export interface SyncLoop {
  /** Resolves when what was asked for is served, or will not be served within seconds; `besides` is done meanwhile. */
  trigger(kind: Trigger, besides?: (decision: Decision) => Promise<void>): Promise<void>;
}

const urgency = { high: 0, medium: 1, low: 2 } as const;

/** Decides for every trigger whether and when it leads to a sync; never two at a time. */
export function createSyncLoop({ time, alarm, decide, run, failed }: SyncLoopParts): SyncLoop {
  const asked = new Set<{ kind: Trigger }>();
  const held = new Set<() => void>();
  const runAlone = oneAtATime(runAsked);
  let alarmAt = 0;

  function mostUrgent(): Trigger {
    const kinds = [...asked].map(({ kind }) => kind);
    asked.clear();
    return kinds.sort((a, b) => urgency[rules[a].priority] - urgency[rules[b].priority])[0] ?? 'poll';
  }

  /** Takes all who wait; they are told when the returned function is called. */
  function takeHeld(): () => void {
    const taken = [...held];
    held.clear();
    return () => {
      for (const end of taken) end();
    };
  }

  async function runAsked(): Promise<void> {
    const tell = takeHeld();
    try {
      await run(mostUrgent());
    } finally {
      tell();
    }
  }

  /**
   * The decision, and the promise of who is to wait for a later sync. It stands from before the decision is persisted, so
   * that whichever sync takes up what was gathered ends the waiting.
   */
  async function decideOn(kind: Trigger): Promise<{ decision: Decision | null; served: Promise<void> | null }> {
    let end: () => void = () => undefined;
    const served = new Promise<void>((resolve) => {
      end = resolve;
    });
    held.add(end);
    const decision = await decide(kind);
    const waits = decision !== null && !decision.sync && decision.servedAt !== null;
    if (!waits) held.delete(end);
    return { decision, served: waits ? served : null };
  }

  async function serve(kind: Trigger): Promise<void> {
    const mine = { kind };
    let later: Promise<void> | null = null;
    asked.add(mine);
    try {
      await runAlone(async () => {
        const { decision, served } = await decideOn(kind);
        later = served;
        return decision?.sync === true;
      });
    } finally {
      asked.delete(mine);
      await lookAgain();
    }
    if (later !== null) await later;
  }

  /** Sets the alarm for what comes next. What is due although it was just done could not even be noted: not at once again. */
  async function lookAgain(): Promise<void> {
    const next = await decide('poll');
    // What somebody waited for has been taken up by the sync that was under way.
    if (next?.gathering !== true) takeHeld()();
    if (next !== null) setAlarm(next.sync ? time.now() + figures.leastGap : next.nextDue);
  }

  /** What was decided before something was gathered may come after it: an alarm that is set is not put off. */
  function setAlarm(due: number | null): void {
    if (due === null || (due >= alarmAt && alarmAt > time.now())) return;
    alarmAt = due;
    alarm.set(due, () => {
      // It may go off before its time, and is then to be set again.
      alarmAt = 0;
      return loop.trigger('poll').catch(failed);
    });
  }

  function follow(kind: Trigger, decision: Decision, served: Promise<void> | null): Promise<void> | null {
    if (decision.sync) return serve(kind);
    setAlarm(decision.nextDue);
    // Nobody waits any longer for what may not go now after all.
    const none = kind === 'poll' && !decision.gathering;
    if (served === null && (none || decision.gathered !== undefined)) takeHeld()();
    return served;
  }

  const loop: SyncLoop = {
    async trigger(kind, besides) {
      const { decision, served } = await decideOn(kind);
      if (decision === null) return takeHeld()();
      await Promise.all([follow(kind, decision, served), besides?.(decision)]);
    },
  };
  return loop;
}
