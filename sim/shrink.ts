import type { Fault } from './fault.ts';
import type { History, Step } from './history.ts';
import { liveThrough } from './live-through.ts';

/** So many shorter histories are tried at most. */
const triesMost = 400;

/** A shorter history that breaks the same invariant. */
export async function shrink(seed: number, history: History, invariant: string, fault?: Fault): Promise<History> {
  let tries = 0;
  const stillBreaks = async (candidate: History) => {
    tries += 1;
    return (await liveThrough(seed, candidate, fault)).broken?.invariant === invariant;
  };
  let best = history;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length && tries < triesMost; ) {
      const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + size)];
      const shorter = { ...best, steps };
      if (await stillBreaks(shorter)) best = shorter;
      else from += size;
    }
  }
  for (let place = 0; place < best.steps.length && tries < triesMost; place++) {
    const sooner = best.steps.map((step, i): Step => (i === place ? { ...step, pause: { ms: 1_000 } } : step));
    if (await stillBreaks({ ...best, steps: sooner })) best = { ...best, steps: sooner };
  }
  const plain = { ...best, setting: { ...best.setting, maxOps: 500, maxPull: 5_000 } };
  return (await stillBreaks(plain)) ? plain : best;
}
