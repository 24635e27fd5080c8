import type { Store, Stored, Time } from './ports.ts';
import { type Decision, decide, type Situation } from './schedule.ts';
import type { Trigger } from './sync-policy.ts';
import { hasReady } from './walk-outbox.ts';

/** What the worker sees around it. */
export type Surroundings = Pick<Situation, 'pageVisible' | 'online' | 'live' | 'polling'>;

const nothing: ReadonlySet<string> = new Set();

/** What follows from an event, by what is persisted; what is to outlive this worker is persisted when this resolves. */
export async function decideIn(store: Store, trigger: Trigger, around: Surroundings, time: Time): Promise<Decision> {
  const look = async (stored: Stored) => {
    const state = await stored.state();
    const waiting = await hasReady(stored, nothing);
    const decision = decide(trigger, { ...state, ...around, waiting, now: time.now() });
    return { state, decision };
  };
  const { decision } = await store.read(look);
  if (decision.gathered === undefined) return decision;
  try {
    return await store.change('relaxed', async (stored) => {
      const { state, decision } = await look(stored);
      if (decision.gathered !== undefined) stored.putState({ ...state, gathered: decision.gathered });
      return decision;
    });
  } catch (error) {
    if (!store.isStorageFailure(error)) throw error;
    // Not kept for another worker, which sends what it finds waiting when it starts.
    return decision;
  }
}
