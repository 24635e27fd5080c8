import type { Clock } from '../../contract/clock.ts';
import { type LocalField, unsentRank } from '../../contract/database.ts';
import { entities, type Kind, kinds } from '../../contract/entities.ts';
import type { Cursor } from '../../contract/wire.ts';
import { awayUpTo } from './away.ts';
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

/**
 * Where a device goes on from after its server was restored. A walk under way goes on below what is common. A first sync that
 * began above that left out what had been purged by then, and that may be back: it is walked once more.
 */
export function cursorAfterReset(cursor: Cursor, common: number, began: number): Cursor {
  if (cursor.seq <= common) return cursor;
  if (began > common) return { seq: common, floor: common + 1 };
  return { seq: common, floor: cursor.floor === null ? null : Math.min(cursor.floor, common + 1) };
}

/** A restored server's rows become local again, with the clocks they had, to be sent before what was waiting. */
function asLocal<R extends AnyRecord>(record: R): R {
  const { base } = record;
  if (base === null) return record;
  const values = base as unknown as Record<string, unknown>;
  const clocks = base.clocks as Record<string, Clock>;
  const written = { device: 0, server: null, seen: null, order: 0 };
  const local: Record<string, LocalField<unknown>> = {};
  for (const field of Object.keys(entities[record.kind].fields)) {
    local[field] = { value: values[field], clock: clocks[field] ?? null, written };
  }
  return { ...record, base: null, local: { ...local, ...record.local } };
}

/** Takes up the server's new epoch: all it may not have any more is offered to it again. */
export async function takeUpEpoch(stored: Stored, epoch: string, epochs: readonly Epoch[]): Promise<void> {
  const state = await stored.state();
  if (state.epoch === null || state.cursor === null) {
    stored.putState({ ...state, epoch, cursor: null });
    return;
  }
  const common = commonSeq(state.epoch, epochs);
  await lowerFloors(stored, common);
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
  const again: AnyRecord[] = [];
  for (const [index, record] of rows.entries()) {
    if (known.get(record.id)?.purge === true) continue;
    const place = order(tombstones.length + index);
    stored.putOutbox({ ...entry, id: record.id, kind: record.kind, order: place });
    again.push(record.kind === 'message' ? { ...asLocal(record), rank: unsentRank + place } : asLocal(record));
  }
  await stored.putMessages(again.filter((record) => record.kind === 'message'));
  // After their messages, whose places they take.
  for (const record of again) if (record.kind === 'conversation') await rankAgain(stored, record);
  const began = state.began ?? Number.POSITIVE_INFINITY;
  const cursor = cursorAfterReset(state.cursor, common, began);
  stored.putState({ ...state, epoch, cursor, began: Math.min(began, common) });
}

/** What the new epoch puts above the common seq has never been here, so it cannot have left. */
async function lowerFloors(stored: Stored, common: number): Promise<void> {
  for (const record of await stored.everyEntity('conversation')) {
    if (record.floor === undefined && record.leavable === undefined) continue;
    const floor = Math.min(await awayUpTo(stored, record), common);
    const { floor: _, leavable: __, ...rest } = record;
    stored.putEntity(floor === 0 ? rest : { ...rest, floor });
  }
}

async function everyRowAbove(stored: Stored, kind: Kind, seq: number): Promise<AnyRecord[]> {
  const above = ({ base }: AnyRecord) => base !== null && base.seq > seq;
  const records: AnyRecord[] =
    kind === 'message' ? await stored.messagesThat(above) : (await stored.everyEntity(kind)).filter(above);
  const place = (record: AnyRecord) => (record.kind === 'message' ? record.base?.pos : record.base?.seq) ?? 0;
  return records.sort((a, b) => place(a) - place(b));
}
