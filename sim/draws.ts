import type { Random } from '../sw/engine/ports.ts';
import { seededRandom } from '../sw/engine/testing/device.ts';

/** What is drawn from a seed: the same again for the same seed. */
export interface Draws extends Random {
  /** A whole number at least 0 and below this. */
  below(most: number): number;
  chance(probability: number): boolean;
  pick<const T>(list: readonly T[]): T;
}

export function draws(seed: number): Draws {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random.fraction() * most);
  return {
    ...random,
    below,
    chance: (probability) => random.fraction() < probability,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
  };
}
