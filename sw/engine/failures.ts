import type { Problem, ProblemCode, SyncState } from '../../contract/database.ts';
import { breakerAfter } from './breaker.ts';
import { timedOut } from './measured-network.ts';
import type { Random, Sent } from './ports.ts';
import { pauseMs, retryDelay } from './retry-delay.ts';
import { lasting } from './sync-policy.ts';

/** Whether sync stands still until something happens from outside. */
export function isLasting(problem: Problem | null): boolean {
  return problem !== null && lasting.includes(problem.code);
}

const byCode: Record<string, ProblemCode> = {
  auth: 'signed-out',
  tier: 'tier',
  gone: 'account-gone',
  'too-old': 'too-old',
  throttled: 'throttled',
  busy: 'throttled',
  'too-large': 'refused',
  'bad-request': 'refused',
};
/** Where the body is not ours. What would end syncing for good is believed of our server alone, not of what stands in between. */
const byStatus: Record<number, ProblemCode> = {
  400: 'refused',
  401: 'signed-out',
  413: 'refused',
  429: 'throttled',
  503: 'throttled',
};

/** What a request that was not answered properly means. */
export function problemOf(sent: Exclude<Sent, { is: 'answered' }>): ProblemCode {
  if (sent.is === 'no-answer') return 'network';
  if (sent.is === 'unreadable') return 'invalid-answer';
  if (sent.is === 'signed-out') return 'signed-out';
  return byCode[sent.code] ?? byStatus[sent.status] ?? 'server';
}

/** One failure, as it is to be noted. */
export interface Failure {
  problem: ProblemCode;
  /** Seconds that the server asked to be left alone. */
  retryAfter: number | null;
  /** The deadline ended it. */
  late?: true;
}

/**
 * The state after a failure: the problem said, and when to try again persisted. Each kind of failure has a count of its
 * own: a server that asks for a second after hours without a network is given a second.
 */
export function withProblem(
  state: SyncState,
  { problem: code, retryAfter, late }: Failure,
  now: number,
  random: Random,
): SyncState {
  const before = state.problem;
  const ofKind = { ...(before?.ofKind ?? (before && { [before.code]: before.failures })) };
  const again = (ofKind[code] ?? 0) + 1;
  const problem: Problem = {
    code,
    at: now,
    failures: (before?.failures ?? 0) + 1,
    ofKind: { ...ofKind, [code]: again },
    ...(retryAfter === null ? {} : { notBefore: now + pauseMs(retryAfter) }),
  };
  const { breaker: last, ...rest } = state;
  const breaker = breakerAfter(last, code, now);
  return {
    ...rest,
    problem,
    nextDue: Math.max(now + retryDelay(again, retryAfter, random), breaker?.openUntil ?? 0),
    ...(breaker === undefined ? {} : { breaker }),
    ...(late === undefined ? {} : { network: timedOut(state.network) }),
  };
}

/** The state in which the next failure is taken for the first of its kind, and nothing is held back for earlier ones. */
export function startedAfresh(state: SyncState): SyncState {
  if (state.breaker === undefined && state.problem === null) return state;
  const { breaker: _, problem, ...rest } = state;
  return { ...rest, problem: problem && { ...problem, ofKind: {} } };
}
