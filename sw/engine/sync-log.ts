import type { LoggedCycle, SyncState } from '../../contract/database.ts';
import type { CycleReport } from '../../contract/wire.ts';
import type { Stored, Took } from './ports.ts';
import { rules, type Trigger } from './sync-policy.ts';

/** What a cycle has cost so far. */
export interface Tally {
  at: number;
  trigger: Trigger;
  requests: number;
  bytesUp: number;
  bytesDown: number;
  rows: number;
  /** Failed tries before it. */
  retries: number;
}

/** Cycles that the log holds, and how many gather before the server is told. */
const cyclesKept = 500;
const worthTelling = 10;
const toldAtOnce = 100;
/** A cycle that took longer was one during which the clock was set. */
const longestMs = 3_600_000;

export function newTally(at: number, trigger: Trigger): Tally {
  return { at, trigger, requests: 0, bytesUp: 0, bytesDown: 0, rows: 0, retries: 0 };
}

export function addRequest(tally: Tally, took: Took | undefined): void {
  tally.requests += 1;
  tally.bytesUp += took?.bytesUp ?? 0;
  tally.bytesDown += took?.bytesDown ?? 0;
}

/** Writes a cycle that is over to the log, in the transaction that ends it; the state with its number. */
export function withLogged(stored: Stored, state: SyncState, tally: Tally, outcome: string, now: number): SyncState {
  const number = (state.logged ?? 0) + 1;
  const { trigger, ...cost } = tally;
  const cycle: LoggedCycle = {
    ...cost,
    trigger,
    priority: rules[trigger].priority,
    ms: Math.min(longestMs, Math.max(0, Math.round(now - tally.at))),
    outcome,
  };
  stored.putLogged(number, cycle);
  if (number > cyclesKept) stored.dropLogged(number - cyclesKept);
  return { ...state, logged: number };
}

/** What the server was not told yet; null while it is not worth a word. */
export async function reportsFor(
  stored: Stored,
  { logged = 0, reported = 0 }: SyncState,
): Promise<{ reports: CycleReport[]; upTo: number } | null> {
  const after = Math.max(reported, logged - toldAtOnce);
  if (logged - after < worthTelling) return null;
  const reports = (await stored.logged(after, toldAtOnce)).map(
    ({ trigger, ms, bytesUp, bytesDown, rows, outcome, retries = 0 }) => ({
      ...{ trigger, ms, bytesUp, bytesDown, rows, outcome },
      ...(retries === 0 ? {} : { retries }),
    }),
  );
  return { reports, upTo: logged };
}
