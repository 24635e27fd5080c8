import type { Problem, ProblemCode, SyncState } from '../../contract/database.ts';
import type { Random, Sent } from './ports.ts';
import { pauseMs, retryDelay } from './retry-delay.ts';

/** Problems that another try does not mend; a person or an event has to. */
export const lasting: readonly ProblemCode[] = ['signed-out', 'tier', 'account-gone', 'too-old'];

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
const byStatus: Record<number, ProblemCode> = {
  400: 'refused',
  401: 'signed-out',
  403: 'tier',
  410: 'account-gone',
  413: 'refused',
  426: 'too-old',
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

/**
 * The state after a failure: the problem said, and when to try again persisted. Each kind of failure has a count of its
 * own: a server that asks for a second after hours without a network is given a second.
 */
export function withProblem(
  state: SyncState,
  code: ProblemCode,
  now: number,
  retryAfter: number | null,
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
  return { ...state, problem, nextDue: now + retryDelay(again, retryAfter, random) };
}
