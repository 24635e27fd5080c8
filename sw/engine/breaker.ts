import type { Breaker, ProblemCode } from '../../contract/database.ts';
import { figures } from './sync-policy.ts';

/**
 * Leaves a server alone that could not be reached several times in a row, whoever asks:
 *
 *   closed --failures in a row--> open --a while--> half-open --one small request went well--> closed
 *                                  ^------------------failed------/
 *   any --a person asks, the network is back, any answer of the server--> closed
 */
export type BreakerStands = 'closed' | 'open' | 'half-open';

const counting: readonly ProblemCode[] = ['network', 'server', 'invalid-answer'];

export function breakerStands(breaker: Breaker | undefined, now: number): BreakerStands {
  const until = breaker?.openUntil ?? null;
  if (until === null) return 'closed';
  // One that would be open for longer than it ever is was opened by a clock that has been set back.
  return until <= now || until - now > figures.breaker.open ? 'half-open' : 'open';
}

/** The breaker after one more failure; none where the server answered, if only to say no. */
export function breakerAfter(before: Breaker | undefined, problem: ProblemCode, now: number): Breaker | undefined {
  if (!counting.includes(problem)) return undefined;
  const failures = (before?.failures ?? 0) + 1;
  return { failures, openUntil: failures >= figures.breaker.failures ? now + figures.breaker.open : null };
}
