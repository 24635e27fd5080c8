import type { Breaker, Gathering, Problem } from '../../contract/database.ts';
import type { Policy } from '../../contract/wire.ts';
import { breakerStands } from './breaker.ts';
import { isLasting } from './failures.ts';
import { isDue } from './retry-delay.ts';
import { figures, type Rule, ruleFor, rules, type Trigger } from './sync-policy.ts';

/** What a decision depends on: what is persisted, and what the worker sees. */
export interface Situation {
  now: number;
  nextDue: number;
  problem: Problem | null;
  lastSynced: number | null;
  policy: Policy | null;
  gathered?: Record<string, Gathering>;
  breaker?: Breaker;
  /** Something waits to be sent. */
  waiting: boolean;
  pageVisible: boolean;
  /** False only if a page said so. */
  online: boolean;
  /** The realtime channel stands: it will say when something changes. */
  live: boolean;
  /** Whether syncs may run by the clock alone. */
  polling: boolean;
}

export interface Decision {
  /** Now, with all that has gathered. */
  sync: boolean;
  /** When this trigger is served if it is to be waited for; null: it is served now, by another, or not at all. */
  servedAt: number | null;
  /** What waits for more of its kind from now on, to be persisted; absent: as before. */
  gathered?: Record<string, Gathering>;
  /** Whether anything waits so. */
  gathering: boolean;
  /** When to look again if nothing happens before; null: nothing is due by the clock. */
  nextDue: number | null;
  /** Whether something waits to be sent, and whether another try by itself may send it. */
  waiting: boolean;
  worthTrying: boolean;
}

/**
 * What one event leads to. Whatever it is, what is overdue is done; then the event's own wish counts: at once, together with
 * more of its kind, when a pause is over, or not at all.
 */
export function decide(trigger: Trigger, at: Situation): Decision {
  const { waiting, problem } = at;
  const next = following(trigger, at);
  const gathering = Object.keys(next.gathered ?? at.gathered ?? {}).length > 0;
  return { ...next, gathering, waiting, worthTrying: waiting && !isLasting(problem) };
}

function following(trigger: Trigger, at: Situation): Omit<Decision, 'gathering' | 'waiting' | 'worthTrying'> {
  const { now } = at;
  const poll = dueTime('poll', at);
  const before = Object.entries(at.gathered ?? {}) as [Trigger, Gathering][];
  const overdue = before.filter(([kind, { due }]) => due <= now || due - now > longestDebounce(kind, at));
  const wanted = (kind: Trigger) => isNow(dueTime(kind, at), now);
  if (isNow(poll, now) || overdue.some(([kind]) => wanted(kind))) return { sync: true, servedAt: null, nextDue: null };

  // What was gathered and may not be sent now waits like everything else.
  const still = before.filter((one) => !overdue.includes(one));
  const gathered = Object.fromEntries(still);
  const changed = overdue.length > 0 ? { gathered } : {};
  const rest = { ...changed, nextDue: earliest([poll, ...still.map(([, { due }]) => due)]) };

  const asked = dueTime(trigger, at);
  const { debounceMs, endsWaitAfterMs } = ruleFor(trigger, at.policy);
  const reach = at.problem === null ? figures.burst : endsWaitAfterMs === null ? 0 : figures.soon;
  if (asked === null || asked > now + reach) return { sync: false, servedAt: null, ...rest };
  if (asked > now || debounceMs > 0) {
    const more = gather(trigger, gathered[trigger] ?? null, at);
    const due = Math.max(more.due, asked);
    const all = { ...gathered, [trigger]: { ...more, due } };
    return { sync: false, servedAt: due, gathered: all, nextDue: earliest([rest.nextDue, due]) };
  }
  // The browser offers to sync as soon as it is asked to, and a worker starts again within seconds: what is still being
  // typed is not sent for that.
  const calm = trigger === 'background-sync' || trigger === 'start';
  const coming = still.filter(([kind]) => dueTime(kind, at) !== null);
  if (calm && coming.length > 0) return { sync: false, servedAt: earliest(coming.map(([, { due }]) => due)), ...rest };
  return { sync: true, servedAt: null, nextDue: null };
}

function isNow(due: number | null, now: number): boolean {
  return due !== null && due <= now;
}

function earliest(dues: (number | null)[]): number | null {
  return dues.reduce((least, due) => (least === null ? due : due === null ? least : Math.min(least, due)), null);
}

/** The device time at which this trigger asks for a sync, debounce aside; null if it asks for none. */
export function dueTime(trigger: Trigger, at: Situation): number | null {
  const rule = rules[trigger];
  if (rule.needsWaiting && !at.waiting) return null;
  if (rule.needsPage && !at.pageVisible && !(trigger === 'start' && at.waiting)) return null;
  if (!at.online && rule.heedsOffline) return null;
  if ((trigger === 'poll' || trigger === 'periodic') && !at.polling && !at.waiting) return null;
  const due = at.problem === null ? dueAfterSuccess(trigger, rule, at) : dueAfterFailure(at.problem, rule, at);
  const held = !rule.startsAfresh && breakerStands(at.breaker, at.now) === 'open';
  return due === null || !held ? due : Math.max(due, at.breaker?.openUntil ?? due);
}

function dueAfterSuccess(trigger: Trigger, { priority }: Rule, at: Situation): number {
  const { now, waiting, lastSynced } = at;
  const ago = lastSynced === null ? Number.POSITIVE_INFINITY : Math.abs(now - lastSynced);
  if (waiting && priority === 'low' && trigger !== 'start') return turn(at, ago);
  if (waiting) return now;
  if (priority === 'low' || (trigger === 'visible' && ago < figures.fresh)) return turn(at, ago);
  return lastSynced !== null && ago < figures.burst && trigger !== 'sign-in' ? lastSynced + figures.burst : now;
}

/** When it is its turn by the clock: seldom while the realtime channel would say what is new. */
function turn({ now, nextDue, live, waiting, lastSynced }: Situation, ago: number): number {
  const usual = isDue(nextDue, now) ? now : nextDue;
  if (!live || waiting || lastSynced === null || ago >= figures.safetyPoll) return usual;
  return Math.max(usual, lastSynced + figures.safetyPoll);
}

function dueAfterFailure(problem: Problem, rule: Rule, { now, nextDue }: Situation): number | null {
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

/** When triggers gathered so far are served, after one more. */
function gather(trigger: Trigger, before: Gathering | null, { now, policy }: Situation): Gathering {
  const { debounceMs, debounceMostMs } = ruleFor(trigger, policy);
  const first = before === null || before.first > now ? now : before.first;
  return { first, due: Math.min(now + debounceMs, first + debounceMostMs), count: (before?.count ?? 0) + 1 };
}

/** A due time further ahead than this was written by a clock that has been set back since. */
function longestDebounce(trigger: Trigger, { policy }: Situation): number {
  return Math.max(figures.soon, ruleFor(trigger, policy).debounceMs);
}

/** Milliseconds between polls: the server's interval, at most the configured one, never under the least gap. */
export function pollDelay(policySeconds: number, mostMinutes: number, poor: boolean): number {
  const wanted = policySeconds * 1_000 * (poor ? figures.poorStretch : 1);
  return Math.max(figures.leastGap, Math.min(wanted, mostMinutes * 60_000));
}
