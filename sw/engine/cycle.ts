import { opsAllowed, wholeBatch } from './batch-size.ts';
import type { Cycle, CycleEnd, CycleParts } from './cycle-parts.ts';
import { fail, failOfStorage, finish } from './end-cycle.ts';
import { sendRequest, type UnderWay } from './send-request.ts';
import { settle } from './settle-request.ts';
import { newStop } from './stop.ts';
import { addRequest, newTally } from './sync-log.ts';
import { figures, rules } from './sync-policy.ts';
import { takeNothing, takeWaiting } from './take-waiting.ts';

/** Answers without progress (another epoch, clocks ahead) that one cycle puts up with. */
const detoursMost = 3;

/**
 * Pushes and pulls until nothing is left of either, then persists when to look again. Must not run twice at a time.
 *
 *   take -> send -> answered: apply in one transaction -> take ...  until nothing is taken and nothing more is there
 *                -> another epoch, clocks ahead: adapt -> take ...  a few times at most
 *                -> too large, wrong: smaller batch -> take ...     down to one op, which is set aside
 *                -> anything else: put back; problem and due time persisted
 */
export async function runCycle(given: CycleParts): Promise<CycleEnd> {
  const parts = {
    trigger: 'poll',
    connection: null,
    waiting: true,
    stop: newStop(),
    alive: () => undefined,
    ...given,
  } as const;
  const tally = newTally(parts.time.now(), parts.trigger);
  const cycle: Cycle = {
    parts,
    tally,
    size: wholeBatch,
    answered: new Set(),
    first: true,
    gathered: {},
    rest: parts.waiting,
  };
  parts.tell.syncing(true);
  try {
    return await requests(cycle);
  } catch (error) {
    if (!parts.store.isStorageFailure(error)) throw error;
    if (parts.stop.stopped) return { is: 'stopped' };
    return await failOfStorage(cycle);
  } finally {
    parts.tell.syncing(false);
  }
}

async function requests(cycle: Cycle): Promise<CycleEnd> {
  const { stop, alive } = cycle.parts;
  let ask = true;
  let detours = 0;
  let next: UnderWay | null = null;
  while (!stop.stopped) {
    const underWay: UnderWay | null = next ?? (await begin(cycle, ask));
    next = null;
    if (stop.stopped) break;
    if (underWay === null) return finish(cycle);
    const sent = await underWay.sent;
    if (stop.stopped) break;
    addRequest(cycle.tally, sent.took);
    alive(figures.step);
    const step = await settle(cycle, underWay.taken, sent);
    if (step.is === 'over') return step.end;
    if (step.is === 'detour' && ++detours > detoursMost) {
      return fail(cycle, { problem: step.problem, retryAfter: null });
    }
    ask = step.is === 'detour' || step.ask;
    if (step.is === 'goes-on') ({ next } = step);
  }
  return { is: 'stopped' };
}

/** Takes what waits and sends it; null if there is nothing to send and nothing to ask for. */
async function begin(cycle: Cycle, ask: boolean): Promise<UnderWay | null> {
  const { parts, size, answered, first, rest } = cycle;
  const { store, tell, time, connection, trigger, stop, alive } = parts;
  const afresh = rules[trigger].startsAfresh;
  const taking = { now: time.now(), most: opsAllowed(size), answered, first, afresh, connection };
  alive(figures.step);
  const nothing = rest ? null : await store.read((stored) => takeNothing(stored, taking));
  // The clocks that a request carries are safe before it is sent.
  const taken = nothing ?? (await store.change('strict', (stored) => takeWaiting(stored, taking)));
  if (first) {
    cycle.tally.retries = taken.failures;
    cycle.gathered = taken.gathered ?? {};
  }
  cycle.first = false;
  if (taken.interrupted) tell.changed([], true);
  if (stop.stopped || (!ask && taken.request.ops.length === 0)) return null;
  if (taken.touched.size > 0) tell.changed(taken.touched);
  return sendRequest(parts, taken);
}
