import { checkAtRest } from './checks/at-rest.ts';
import { watchCommits } from './checks/commits.ts';
import { watchRequests } from './checks/requests.ts';
import { watchTransactions } from './checks/transactions.ts';
import { comeToRest } from './come-to-rest.ts';
import { type Fault, type Places, placesIn, plant } from './fault.ts';
import { fingerprint } from './fingerprint.ts';
import { happen } from './happen.ts';
import type { History } from './history.ts';
import { type Broken, World } from './world.ts';

/** What came of a history. */
export interface Lived {
  /** The same for the same seed and history. */
  fingerprint: string;
  broken: Broken | null;
  turns: number;
  requests: number;
  /** Where something could have gone wrong, by browser. */
  places: Places[];
}

/** Lives through a history, then lets everything come to rest, and says which invariant did not hold. */
export async function liveThrough(seed: number, { setting, steps }: History, fault?: Fault): Promise<Lived> {
  const world = new World(seed, setting);
  watchTransactions(world);
  watchRequests(world);
  watchCommits(world);
  if (fault !== undefined) plant(world, fault);
  for (const { pause, ...step } of steps) {
    if (world.broken !== null) break;
    happen(world, step);
    if ('ms' in pause) await world.turns.until(world.turns.now + pause.ms);
    else await world.turns.some(pause.turns);
  }
  const places = placesIn(world);
  if (world.broken === null) await comeToRest(world);
  if (world.broken === null) await checkAtRest(world);
  for (const browser of world.browsers) browser.killWorkers();
  const requests = world.browsers.reduce((sum, { network }) => sum + network.sent, 0);
  return { fingerprint: fingerprint(world), broken: world.broken, turns: world.turns.taken, requests, places };
}
