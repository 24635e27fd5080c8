import type { DeliveryState, OutboxEntry } from '../../contract/database.ts';
import { kinds } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import { protocolVersion, type SyncRequest } from '../../contract/wire.ts';
import { buildOps, readyEntries } from './build-request.ts';
import { fixClocks, localFields } from './fix-clocks.ts';
import type { AnyRecord, Stored } from './ports.ts';

/** A request, and the states its entries were in before it. */
export interface Taken {
  request: SyncRequest;
  before: Map<string, DeliveryState>;
  /** The conversations whose messages look different now. */
  touched: Set<string>;
}

/** Entities asked for at once. */
const pageSize = 500;

/** Records of everything in the outbox, by id. */
export async function readRecords(stored: Stored, entries: readonly OutboxEntry[]): Promise<Map<string, AnyRecord>> {
  const records = new Map<string, AnyRecord>();
  for (const kind of kinds) {
    const ids = entries.filter((entry) => entry.kind === kind && entry.purge !== true).map(({ id }) => id);
    for (const [id, record] of await stored.entities(kind, ids)) records.set(id, record);
  }
  return records;
}

/**
 * Takes what is ready, at most `most` ops, fixes the clocks of all that waits, and notes what is being sent, in the open
 * transaction: the same clocks go out however often the request is repeated.
 */
export async function takeWaiting(stored: Stored, most: number, sentBefore: ReadonlySet<string>): Promise<Taken> {
  const state = await stored.state();
  const request = {
    v: protocolVersion,
    device: state.device,
    epoch: state.epoch,
    cursor: state.cursor,
    limit: Math.min(pageSize, state.policy?.maxPull ?? pageSize),
  };
  const taken: Taken = { request: { ...request, ops: [] }, before: new Map(), touched: new Set() };
  // Until the server's time is known no clock can be fixed, so the first request carries nothing.
  if (most === 0 || state.offset === null) return taken;

  const entries = await stored.outbox();
  const records = await readRecords(stored, entries);
  const unfixed = [...records.values()].filter((record) => localFields(record).some(([, { clock }]) => clock === null));
  if (unfixed.length > 0) {
    stored.putState({ ...state, ...fixClocks(unfixed, state) });
    for (const record of unfixed) stored.putEntity(record);
  }

  const opsMost = Math.min(most, state.policy?.maxOps ?? limits.opsPerRequest, limits.opsPerRequest);
  taken.request.ops = buildOps(readyEntries({ entries, records }, sentBefore), records, opsMost);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  for (const { id } of taken.request.ops) {
    const entry = byId.get(id);
    if (entry === undefined) continue;
    taken.before.set(id, entry.state);
    stored.putOutbox({ ...entry, state: 'sending', attempts: entry.attempts + 1 });
    const record = records.get(id);
    taken.touched.add(record?.kind === 'message' ? record.conversation : id);
  }
  return taken;
}

/** Puts entries that were being sent back to where they were, or to `unconfirmed` where the server may have them. */
export async function putBack(
  stored: Stored,
  before: ReadonlyMap<string, DeliveryState>,
  lost: boolean,
): Promise<void> {
  for (const entry of (await stored.outboxEntries(before.keys())).values()) {
    if (entry.state !== 'sending') continue;
    stored.putOutbox({ ...entry, state: lost ? 'unconfirmed' : (before.get(entry.id) ?? 'waiting') });
  }
}

/** What was being sent when a worker died: nobody knows whether the server has it. */
export async function noteInterrupted(stored: Stored): Promise<boolean> {
  const interrupted = (await stored.outbox()).filter((entry) => entry.state === 'sending');
  for (const entry of interrupted) stored.putOutbox({ ...entry, state: 'unconfirmed' });
  return interrupted.length > 0;
}
