import type { Answer, Synced, SyncRequest } from '../../contract/wire.ts';
import { stillStands } from './apply-answer.ts';
import { clocksOf } from './build-request.ts';
import { takeUpEpoch } from './epoch-reset.ts';
import { fixClocksAgain } from './fix-clocks.ts';
import type { Stored } from './ports.ts';
import { readRecords } from './walk-outbox.ts';

/** Takes from an answer with which the server processed nothing what the next request needs to be processed. */
export async function adapt(
  stored: Stored,
  request: SyncRequest,
  answer: Exclude<Answer, Synced>,
  receivedAt: number,
): Promise<void> {
  const before = await stored.state();
  if (!stillStands(before, request)) return;
  const state = { ...before, offset: answer.time - receivedAt, serverTime: answer.time };
  stored.putState(state);
  if (answer.is === 'reset') {
    await takeUpEpoch(stored, answer.epoch, answer.epochs);
    return;
  }
  const records = await readRecords(stored, await stored.outbox());
  const again = fixClocksAgain(records.values(), clocksOf(request.ops), state, answer.time);
  stored.putState({ ...state, ...again });
  for (const record of records.values()) stored.putEntity(record);
}
