import { laterClock } from '../../contract/clock.ts';
import type { SyncState } from '../../contract/database.ts';
import type { Op, Synced, SyncRequest } from '../../contract/wire.ts';
import { applyGone } from './apply-gone.ts';
import { applyRows, highestClock } from './apply-rows.ts';
import { localFields } from './fix-clocks.ts';
import { coldMs } from './leave-cold.ts';
import type { Stored } from './ports.ts';
import type { Incoming } from './read-answer.ts';
import { refuse } from './refuse.ts';

/** The conversations that look different now; `stale` if the device no longer stands where the request was made. */
export type Applied = { is: 'applied'; touched: Set<string> } | { is: 'stale' };

/** Whether the device still stands where this request was made. */
export function stillStands(state: SyncState, request: SyncRequest): boolean {
  return (
    state.epoch === request.epoch &&
    state.cursor?.seq === request.cursor?.seq &&
    state.cursor?.floor === request.cursor?.floor
  );
}

/**
 * Makes an answer this device's own, all of it in the open transaction or, where the device has moved on since the request,
 * nothing of it. Killed before that commits, the request is simply made again.
 */
export async function applyAnswer(
  stored: Stored,
  request: SyncRequest,
  answer: Synced,
  incoming: Incoming,
  receivedAt: number,
): Promise<Applied> {
  const state = await stored.state();
  if (!stillStands(state, request)) return { is: 'stale' };

  const walking = request.cursor === null || request.cursor.floor !== null;
  const touched = await applyRows(stored, incoming.rows, receivedAt, walking ? answer.time - coldMs : null);
  for (const id of await applyGone(stored, incoming.gone)) touched.add(id);
  for (const { id, code } of incoming.refused) await refuseUnlessRewritten(stored, id, code);
  for (const [index, { row, of }] of incoming.invalid.entries()) {
    const id = quarantineId(row, answer.cursor.seq, index);
    stored.putQuarantined({ id, row, at: receivedAt, epoch: answer.epoch });
    if (of !== null) await refuse(stored, of, 'invalid-answer');
  }
  for (const id of incoming.unreadable) await asUnreadable(stored, id);
  await backToWaiting(stored, request.ops);

  stored.putState({
    ...state,
    epoch: answer.epoch,
    cursor: answer.cursor,
    ...(request.cursor === null ? { began: answer.cursor.seq } : {}),
    offset: answer.time - receivedAt,
    serverTime: answer.time,
    seen: laterClock(state.seen, highestClock(incoming.rows)),
    policy: answer.policy,
    problem: null,
    lastSynced: answer.more ? state.lastSynced : receivedAt,
  });
  return { is: 'applied', touched };
}

async function refuseUnlessRewritten(stored: Stored, id: string, code: string): Promise<void> {
  const entry = (await stored.outboxEntries([id])).get(id);
  const record = entry && (await stored.entity(entry.kind, id));
  const rewritten = record !== undefined && localFields(record).some(([, local]) => local.clock === null);
  if (!rewritten) await refuse(stored, id, code);
}

/** Results of one op that cannot be read before it is set aside. */
const unreadableMost = 3;

/** Nobody knows what became of it: it is sent again, but not for ever. */
async function asUnreadable(stored: Stored, id: string): Promise<void> {
  const entry = (await stored.outboxEntries([id])).get(id);
  if (entry === undefined || entry.state !== 'sending') return;
  const unreadable = (entry.unreadable ?? 0) + 1;
  stored.putOutbox({ ...entry, state: 'unconfirmed', unreadable });
  if (unreadable >= unreadableMost) await refuse(stored, id, 'invalid-answer');
}

/** What was answered and is still in the outbox was written again meanwhile. */
async function backToWaiting(stored: Stored, ops: readonly Op[]): Promise<void> {
  for (const entry of (await stored.outboxEntries(ops.map((op) => op.id))).values()) {
    if (entry.state === 'sending') stored.putOutbox({ ...entry, state: 'waiting' });
  }
}

function quarantineId(row: unknown, seq: number, index: number): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : null;
  return typeof id === 'string' ? id : `unnamed-${seq}-${index}`;
}
