import type { World } from '../world.ts';
import { checkConverged } from './converged.ts';
import { checkOrder } from './in-order.ts';
import { checkNothingLost } from './nothing-lost.ts';
import { checkPurged } from './purged.ts';
import { checkUsage } from './usage.ts';

/** All that must hold when everything is online and quiet. */
export async function checkAtRest(world: World): Promise<void> {
  checkConverged(world);
  await checkNothingLost(world);
  checkPurged(world);
  checkUsage(world);
  checkOrder(world);
}
