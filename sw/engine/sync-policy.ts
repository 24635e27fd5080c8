import type { ProblemCode } from '../../contract/database.ts';
import type { Policy } from '../../contract/wire.ts';

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
  /** The realtime channel stands, or said that something changed. */
  | 'joined'
  | 'poke'
  /** A Web Push, or the browser's Periodic Background Sync, woke the worker. */
  | 'push'
  | 'periodic'
  /** Time to look what others wrote. */
  | 'poll';

export type Priority = 'high' | 'medium' | 'low';

export interface Rule {
  /** high: a person waits for it, nothing holds it up; low: takes its turn, however often it comes. */
  priority: Priority;
  /** May end the wait after a failure that is this old; null: takes its turn. */
  endsWaitAfterMs: number | null;
  /** May disturb a server that asked for a pause. */
  endsPause: boolean;
  /** Forgets how often the server could not be reached before. */
  startsAfresh: boolean;
  /** Problems that only something from outside mends, and after which it may try all the same... */
  despite: readonly ProblemCode[];
  /** ...but no sooner than this after the last failure. */
  despiteAfterMs: number;
  /** Only with something to send. */
  needsWaiting: boolean;
  /** Only with a page in sight. */
  needsPage: boolean;
  /** Not while the last word of a page is that the network is gone; others know better, or a person does. */
  heedsOffline: boolean;
  /** Waits this long for more of the same... */
  debounceMs: number;
  /** ...but no longer than this. */
  debounceMostMs: number;
}

/** Problems that another try does not mend; a person or an event has to. */
export const lasting: readonly ProblemCode[] = ['signed-out', 'tier', 'account-gone', 'too-old'];

const probeMs = 60_000;
const medium: Rule = {
  priority: 'medium',
  // People may come and write as often as they like; a server that does not answer is not asked each time.
  endsWaitAfterMs: 5_000,
  endsPause: false,
  startsAfresh: false,
  despite: [],
  despiteAfterMs: 0,
  needsWaiting: false,
  needsPage: false,
  heedsOffline: false,
  debounceMs: 0,
  debounceMostMs: 0,
};
const high: Rule = {
  ...medium,
  priority: 'high',
  endsWaitAfterMs: 0,
  endsPause: true,
  startsAfresh: true,
  despite: lasting,
};
const low: Rule = { ...medium, priority: 'low', endsWaitAfterMs: null };
const write: Rule = { ...medium, needsWaiting: true, heedsOffline: true };

/** What each trigger may do. */
export const rules: Readonly<Record<Trigger, Rule>> = {
  'sync-now': high,
  'sign-in': high,
  start: { ...low, despite: lasting, despiteAfterMs: probeMs, needsPage: true, heedsOffline: true },
  online: { ...medium, endsWaitAfterMs: 0, startsAfresh: true },
  // The browser offers it the moment it is asked to: after a try that failed it takes the next one along.
  'background-sync': { ...write, heedsOffline: false },
  visible: { ...medium, despite: ['tier'], despiteAfterMs: probeMs, needsPage: true, heedsOffline: true },
  hidden: write,
  message: write,
  title: { ...write, debounceMs: 5_000, debounceMostMs: Number.POSITIVE_INFINITY },
  other: { ...write, debounceMs: 2_000, debounceMostMs: 10_000 },
  joined: { ...medium, needsPage: true },
  poke: { ...medium, endsWaitAfterMs: null, despite: ['tier'], despiteAfterMs: 5_000, needsPage: true },
  push: medium,
  periodic: low,
  poll: { ...low, needsPage: true, heedsOffline: true },
};

/** All other numbers of sync, in milliseconds unless they say otherwise. */
export const figures = {
  /** Between two syncs of low priority. */
  leastGap: 30_000,
  /** Between polls while the realtime channel stands and nothing waits. */
  safetyPoll: 60 * 60_000,
  /** With nothing to send, no sync follows another sooner: however many ask, they get it together. */
  burst: 1_000,
  /** Coming back to a page within this long of a sync asks for nothing. */
  fresh: 5_000,
  /** A pause after a failure that ends within this is waited for: the browser may not wake the worker again for minutes. */
  soon: 35_000,
  /** Polls come so many times less often on a poor connection. */
  poorStretch: 2,
  /** A connection is poor whose small requests take longer than this. */
  poorLatency: 1_500,
  /** After so many failures in a row, so long nothing is asked; then one small request. */
  breaker: { failures: 5, open: 30_000, ops: 10 },
  /**
   * The time that a page of changes should take on its way, and entities in a page. More than so many bytes gain nothing,
   * and what a person writes waits until a page is stored.
   */
  pages: { time: 400, bytes: 2_000_000, first: 200, least: 20, most: 5_000 },
  /** How long a request may take, its answer included; and what comes around it: renewing a token, finding the server. */
  deadline: { least: 20_000, most: 100_000, around: 45_000 },
  /** No step on the device takes longer. */
  step: 60_000,
} as const;

/** The rule for a trigger, with the debounces that the server asks for. */
export function ruleFor(trigger: Trigger, policy: Policy | null): Rule {
  const rule = rules[trigger];
  const asked = policy?.debounces?.[trigger];
  return asked && rule.debounceMs > 0 ? { ...rule, debounceMs: asked.ms, debounceMostMs: asked.most } : rule;
}
