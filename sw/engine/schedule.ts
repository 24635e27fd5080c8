import type { Problem, ProblemCode } from '../../contract/database.ts';
import { isLasting, lasting } from './failures.ts';
import { isDue } from './retry-delay.ts';

/** Why a sync may be wanted. */
export type Trigger =
  /** A person asked for it. */
  | 'sync-now'
  | 'sign-in'
  /** The worker started. */
  | 'start'
  /** The network, or the browser's Background Sync, says that it is worth trying. */
  | 'online'
  | 'background-sync'
  | 'visible'
  | 'hidden'
  /** Something was written: a message, a title, anything else. */
  | 'message'
  | 'title'
  | 'other'
  /** Time to look what others wrote. */
  | 'poll';

interface Rule {
  /** May end the wait after a failure that is this old; null: takes its turn. */
  endsWaitAfterMs: number | null;
  /** May disturb a server that asked for a pause. */
  endsPause: boolean;
  /** Problems that only something from outside mends, and after which it may try all the same... */
  despite: readonly ProblemCode[];
  /** ...but no sooner than this after the last failure. */
  despiteAfterMs: number;
  /** Only with something to send. */
  needsWaiting: boolean;
  /** Only with a page in sight and the network not known to be gone. */
  needsPage: boolean;
  /** Waits this long for more of the same... */
  debounceMs: number;
  /** ...but no longer than this. */
  debounceMostMs: number;
}

const atOnce = { debounceMs: 0, debounceMostMs: 0 };
const calm = { endsWaitAfterMs: null, endsPause: false, despite: [], despiteAfterMs: 0, needsWaiting: false };
/** People may come and write as often as they like; a server that does not answer is not asked each time. */
const byPeople = { ...calm, endsWaitAfterMs: 5_000 };
const write = { ...byPeople, needsWaiting: true, needsPage: false };
const person = { ...calm, endsWaitAfterMs: 0, endsPause: true, despite: lasting, needsPage: false, ...atOnce };
const probeMs = 60_000;

/** The whole policy as data. */
export const rules: Record<Trigger, Rule> = {
  'sync-now': person,
  'sign-in': person,
  start: { ...calm, despite: lasting, despiteAfterMs: probeMs, needsPage: true, ...atOnce },
  online: { ...calm, endsWaitAfterMs: 0, needsPage: false, ...atOnce },
  'background-sync': { ...calm, endsWaitAfterMs: 0, needsWaiting: true, needsPage: false, ...atOnce },
  visible: { ...byPeople, despite: ['tier'], despiteAfterMs: probeMs, needsPage: true, ...atOnce },
  hidden: { ...write, ...atOnce },
  message: { ...write, ...atOnce },
  title: { ...write, debounceMs: 5_000, debounceMostMs: Number.POSITIVE_INFINITY },
  other: { ...write, debounceMs: 2_000, debounceMostMs: 10_000 },
  poll: { ...calm, needsPage: true, ...atOnce },
};

/** What a decision depends on. */
export interface Situation {
  now: number;
  nextDue: number;
  problem: Problem | null;
  lastSynced: number | null;
  /** Something waits to be sent. */
  waiting: boolean;
  pageVisible: boolean;
  /** False only if a page said so. */
  online: boolean;
  /** Whether syncs may run by the clock alone. */
  polling: boolean;
}

/** Coming back to a page within this long of a sync asks for nothing. */
const freshMs = 5_000;

/** The device time at which this trigger asks for a sync, debounce aside; null if it asks for none. */
export function dueTime(trigger: Trigger, at: Situation): number | null {
  const rule = rules[trigger];
  if (rule.needsWaiting && !at.waiting) return null;
  if (rule.needsPage && !at.pageVisible && !(trigger === 'start' && at.waiting)) return null;
  if (!at.online && rule.endsWaitAfterMs !== 0) return null;
  if (trigger === 'poll' && !at.polling && !at.waiting) return null;
  if (at.problem !== null) return dueAfter(at.problem, trigger, at);
  if (rule.endsWaitAfterMs === 0) return at.now;

  const nextDue = isDue(at.nextDue, at.now) ? at.now : at.nextDue;
  if (trigger === 'poll' || (trigger === 'start' && !at.waiting)) return nextDue;
  if (trigger === 'visible' && at.lastSynced !== null && Math.abs(at.now - at.lastSynced) < freshMs) return nextDue;
  return at.now;
}

function dueAfter(problem: Problem, trigger: Trigger, { now, nextDue }: Situation): number | null {
  const rule = rules[trigger];
  // What a clock wrote that has been set back since holds nothing up.
  const moment = (at: number) => (isDue(at, now) ? now : at);
  const afterFailure = (ms: number) => (problem.at > now ? now : Math.max(now, problem.at + ms));
  if (isLasting(problem)) {
    return rule.despite.includes(problem.code) && afterFailure(rule.despiteAfterMs) === now ? now : null;
  }
  if (rule.endsWaitAfterMs === null) return moment(nextDue);
  const pause = rule.endsPause ? now : moment(problem.notBefore ?? now);
  return Math.min(moment(nextDue), Math.max(pause, afterFailure(rule.endsWaitAfterMs)));
}

/** Triggers of one kind that wait for more of the same. */
export interface Gathering {
  first: number;
  due: number;
}

/** When triggers gathered so far are served, after one more at `now`. */
export function gather(trigger: Trigger, before: Gathering | null, now: number): Gathering {
  const { debounceMs, debounceMostMs } = rules[trigger];
  const first = before?.first ?? now;
  return { first, due: Math.min(now + debounceMs, first + debounceMostMs) };
}

/** Milliseconds between polls: the server's interval, at most the configured one, never under the least gap. */
export function pollDelay(policySeconds: number, mostMinutes: number): number {
  const leastGapMs = 30_000;
  return Math.max(leastGapMs, Math.min(policySeconds, mostMinutes * 60) * 1_000);
}
