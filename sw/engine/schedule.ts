import type { Problem } from '../../contract/database.ts';
import { isLasting } from './failures.ts';
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
  /** May end the wait after a failure. */
  overridesBackoff: boolean;
  /** May try although the last problem is one that only something from outside mends. */
  overridesLasting: boolean;
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
const write = { overridesBackoff: false, overridesLasting: false, needsWaiting: true, needsPage: false };

/** The whole policy as data. */
export const rules: Record<Trigger, Rule> = {
  'sync-now': { overridesBackoff: true, overridesLasting: true, needsWaiting: false, needsPage: false, ...atOnce },
  'sign-in': { overridesBackoff: true, overridesLasting: true, needsWaiting: false, needsPage: false, ...atOnce },
  start: { overridesBackoff: false, overridesLasting: true, needsWaiting: false, needsPage: true, ...atOnce },
  online: { overridesBackoff: true, overridesLasting: false, needsWaiting: false, needsPage: false, ...atOnce },
  'background-sync': {
    overridesBackoff: true,
    overridesLasting: false,
    needsWaiting: true,
    needsPage: false,
    ...atOnce,
  },
  visible: { overridesBackoff: false, overridesLasting: false, needsWaiting: false, needsPage: true, ...atOnce },
  hidden: { ...write, ...atOnce },
  message: { ...write, ...atOnce },
  title: { ...write, debounceMs: 5_000, debounceMostMs: Number.POSITIVE_INFINITY },
  other: { ...write, debounceMs: 2_000, debounceMostMs: 10_000 },
  poll: { overridesBackoff: false, overridesLasting: false, needsWaiting: false, needsPage: true, ...atOnce },
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
/** A problem that lasts is probed by a starting worker no more often than this. */
const probeMs = 60_000;

/** The device time at which this trigger asks for a sync, debounce aside; null if it asks for none. */
export function dueTime(trigger: Trigger, at: Situation): number | null {
  const rule = rules[trigger];
  if (rule.needsWaiting && !at.waiting) return null;
  if (rule.needsPage && !at.pageVisible && !(trigger === 'start' && at.waiting)) return null;
  const asked = rule.overridesBackoff;
  if (!at.online && !asked) return null;
  if (isLasting(at.problem) && !rule.overridesLasting) return null;
  if (trigger === 'start' && isLasting(at.problem) && at.now - (at.problem?.at ?? 0) < probeMs) return null;
  if (trigger === 'poll' && !at.polling && !at.waiting) return null;

  const nextDue = isDue(at.nextDue, at.now) ? at.now : at.nextDue;
  if (asked && !(at.problem?.code === 'throttled' && trigger !== 'sync-now' && trigger !== 'sign-in')) return at.now;
  if (at.problem !== null || trigger === 'poll') return nextDue;
  if (trigger === 'start' && !at.waiting) return nextDue;
  if (trigger === 'visible' && at.lastSynced !== null && Math.abs(at.now - at.lastSynced) < freshMs) return nextDue;
  return at.now;
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
