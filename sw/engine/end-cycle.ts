import type { SyncState } from '../../contract/database.ts';
import type { Cycle, CycleEnd } from './cycle-parts.ts';
import { type Failure, withProblem } from './failures.ts';
import { isPoor } from './measured-network.ts';
import type { Stored } from './ports.ts';
import { withLogged } from './sync-log.ts';

/** The state without what had gathered when the cycle began; what more has come since stays. */
function served({ gathered: before }: Cycle, { gathered, ...state }: SyncState): SyncState {
  const left = Object.entries(gathered ?? {}).filter(([kind, { count }]) => before[kind]?.count !== count);
  return left.length === 0 ? state : { ...state, gathered: Object.fromEntries(left) };
}

/** The state after a cycle that went well: when to look again is persisted, and the cycle is in the log. */
export function ended(cycle: Cycle, stored: Stored, state: SyncState): SyncState {
  const { parts, tally } = cycle;
  const now = parts.time.now();
  const poor = isPoor(state.network, parts.connection);
  const logged = withLogged(stored, served(cycle, state), tally, 'done', now);
  return { ...logged, nextDue: now + parts.pollAfter(state.policy?.interval ?? 60, poor) };
}

/** Ends a cycle that went well. */
export async function finish(cycle: Cycle): Promise<CycleEnd> {
  await cycle.parts.store.change('relaxed', async (stored) =>
    stored.putState(ended(cycle, stored, await stored.state())),
  );
  return { is: 'done' };
}

/** Ends a cycle that failed, in one transaction with what is to be done besides. */
export async function fail(
  cycle: Cycle,
  failure: Failure,
  besides?: (stored: Stored) => Promise<void>,
): Promise<CycleEnd> {
  const { parts, tally } = cycle;
  await parts.store.change('relaxed', async (stored) => {
    await besides?.(stored);
    const now = parts.time.now();
    const state = withLogged(stored, served(cycle, await stored.state()), tally, failure.problem, now);
    stored.putState(withProblem(state, failure, now, parts.random));
  });
  return { is: 'failed', problem: failure.problem };
}

/** Ends a cycle that could not store something. */
export async function failOfStorage(cycle: Cycle): Promise<CycleEnd> {
  try {
    return await fail(cycle, { problem: 'storage', retryAfter: null });
  } catch (error) {
    if (!cycle.parts.store.isStorageFailure(error)) throw error;
    // Not even that can be noted; the next event finds everything as it was.
    return { is: 'failed', problem: 'storage' };
  }
}
