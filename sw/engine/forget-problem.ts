import type { ProblemCode } from '../../contract/database.ts';
import type { Stored } from './ports.ts';

/** What kept sync from going on has been mended from outside: it is not spoken of any more, and the next trigger tries. */
export async function forgetProblem(stored: Stored, mended: ProblemCode): Promise<boolean> {
  const state = await stored.state();
  if (state.problem?.code !== mended) return false;
  stored.putState({ ...state, problem: null, nextDue: 0 });
  return true;
}
