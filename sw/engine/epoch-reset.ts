import type { Clock } from '../../contract/clock.ts';
import type { ConversationRecord, LocalField, MessageRecord } from '../../contract/database.ts';
import { entities, type Kind, kinds } from '../../contract/entities.ts';
import type { Cursor } from '../../contract/wire.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';

export interface Epoch {
  epoch: string;
  from: number;
}

/** The seq up to which what this device knows is still true on a server that has had these epochs, oldest first. */
export function commonSeq(own: string, epochs: readonly Epoch[]): number {
  const start = epochs.findIndex(({ epoch }) => epoch === own);
  return start === -1 ? 0 : Math.min(...epochs.slice(start).map(({ from }) => from));
}

/** Where a device goes on from after its server was restored. A walk under way goes on below what is common. */
export function cursorAfterReset(cursor: Cursor, common: number): Cursor {
  if (cursor.seq <= common) return cursor;
  return { seq: common, floor: cursor.floor === null ? null : Math.min(cursor.floor, common + 1) };
}

/** A restored server's rows become local again, with the clocks they had, to be sent before what was waiting. */
function asLocal(record: AnyRecord): AnyRecord {
  const { base } = record;
  if (base === null) return record;
  const values = base as unknown as Record<string, unknown>;
  const clocks = base.clocks as Record<string, Clock>;
  const written = { device: 0, server: null, seen: null, order: 0 };
  const local: Record<string, LocalField<unknown>> = {};
  for (const field of Object.keys(entities[record.kind].fields)) {
    local[field] = { value: values[field], clock: clocks[field] ?? null, written };
  }
  return { ...record, base: null, local: { ...local, ...record.local } } as AnyRecord;
}

/** Takes up the server's new epoch: all it may not have any more is offered to it again. */
export async function takeUpEpoch(stored: Stored, epoch: string, epochs: readonly Epoch[]): Promise<void> {
  const state = await stored.state();
  if (state.epoch === null || state.cursor === null) {
    stored.putState({ ...state, epoch, cursor: null });
    return;
  }
  const common = commonSeq(state.epoch, epochs);
  const known = new Map((await stored.outbox()).map((entry) => [entry.id, entry]));
  const first = Math.min(state.nextOrder, ...[...known.values()].map((entry) => entry.order));

  const tombstones = (await stored.everyTombstone()).filter(({ seq }) => seq !== null && seq > common);
  const rows = (await Promise.all(kinds.map((kind) => everyRowAbove(stored, kind, common)))).flat();
  const total = tombstones.length + rows.length;
  const order = (index: number) => first - total + index;
  const entry = { origin: 'backfill', state: 'waiting', attempts: 1 } as const;

  for (const [index, { id, kind }] of tombstones.entries()) {
    stored.putTombstone({ id, kind, seq: null });
    stored.putOutbox({ ...entry, id, kind, order: order(index), purge: true });
  }
  for (const [index, record] of rows.entries()) {
    const waiting = known.get(record.id);
    if (waiting?.purge === true) continue;
    stored.putOutbox({ ...entry, id: record.id, kind: record.kind, order: order(tombstones.length + index) });
    stored.putEntity(asLocal(record) as ConversationRecord | MessageRecord);
  }
  for (const record of [...rows].reverse()) {
    const again = await stored.entity(record.kind, record.id);
    if (again !== undefined) await rankAgain(stored, again);
  }
  stored.putState({ ...state, epoch, cursor: cursorAfterReset(state.cursor, common) });
}

async function everyRowAbove(stored: Stored, kind: Kind, seq: number): Promise<AnyRecord[]> {
  const records: AnyRecord[] = await stored.everyEntity(kind);
  const place = (record: AnyRecord) => (record.kind === 'message' ? record.base?.pos : record.base?.seq) ?? 0;
  return records.filter(({ base }) => base !== null && base.seq > seq).sort((a, b) => place(a) - place(b));
}
