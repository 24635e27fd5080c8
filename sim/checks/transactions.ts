import type { World } from '../world.ts';

const turnsMost = 400_000;

/** Whoever has a transaction open may wait for nothing but its own reads: a real one would have ended by then. */
export function watchTransactions(world: World): void {
  world.turns.afterEach = () => {
    if (world.turns.taken > turnsMost) world.breaks('8 work is bounded', `${turnsMost} turns and no end`);
    if (world.broken !== null) world.turns.stopped = true;
    for (const browser of world.browsers) {
      for (const disk of [browser.registry, ...browser.allDisks()]) {
        if (disk.working > 0) world.breaks('a transaction that waits', disk.name);
      }
    }
  };
}
