import type { Problem } from '../../contract/database.ts';
import { isLasting } from './failures.ts';

/**
 * Whether nothing more would be let in, or heard of. Not so on a plan without sync: that there is a better one is heard of
 * like any change.
 */
export function endsListening(problem: Problem | null): boolean {
  return isLasting(problem) && problem?.code !== 'tier';
}
