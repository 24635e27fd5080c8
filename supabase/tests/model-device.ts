import { type Clock, clockAbove, laterClock } from '../../contract/clock.ts';
import { type AnyRow, entities, type Kind } from '../../contract/entities.ts';
import { type Cursor, type Op, type Result, type SyncRequest, storedRow, type WriteOp } from '../../contract/wire.ts';

/** A device by docs/protocol.md, in memory and without a single shortcut: what it knows, and what it still has to send. */
export interface ModelDevice {
  name: string;
  epoch: string | null;
  cursor: Cursor | null;
  /** The seq that its first sync walked down from. */
  began: number;
  base: Map<string, AnyRow>;
  /** What is gone for good; the seq is 0 until the server said it. */
  gone: Map<string, { kind: Kind; seq: number }>;
  /** What was written here and not yet answered, in order of writing. */
  waiting: Map<string, Op>;
  /** Ops the server refused, which people would see under "Needs attention". */
  refused: { op: Op; code: string }[];
  /** The highest clock seen or given. */
  seen: Clock | null;
}

export type DeviceAnswer =
  | { is: 'synced'; epoch: string; results: Result[]; changes: unknown[]; cursor: Cursor }
  | { is: 'reset'; epoch: string; epochs: { epoch: string; from: number }[] };

export function newModelDevice(name: string): ModelDevice {
  const empty = { base: new Map(), gone: new Map(), waiting: new Map(), refused: [] };
  return { name, epoch: null, cursor: null, began: 0, ...empty, seen: null };
}

/** A clock for what is written now. */
export function nextClock(device: ModelDevice, ms: number): Clock {
  const clock = clockAbove(ms, device.seen, device.name);
  device.seen = clock;
  return clock;
}

/** Something is written here: it waits, merged into what waits of the same entity. */
export function write(device: ModelDevice, op: Op): void {
  const before = device.waiting.get(op.id);
  if ('purge' in op) {
    forget(device, op.kind, op.id, 0);
    device.waiting.set(op.id, op);
  } else if (!isGone(device, op) && (before === undefined || before.kind === op.kind)) {
    const merged = before !== undefined && 'set' in before ? { ...before, set: { ...before.set, ...op.set } } : op;
    device.waiting.set(op.id, merged as Op);
  }
}

/** What it would send now. The first request carries no ops. */
export function requestOf(device: ModelDevice, limit: number, most: number): SyncRequest {
  const { name, epoch, cursor } = device;
  const ops = epoch === null ? [] : inOrder([...device.waiting.values()]).slice(0, most);
  return structuredClone({ v: 1, device: name, epoch, cursor, ops, limit });
}

/** Keeps an answer, if the device still stands where it stood when it asked. */
export function keepAnswer(device: ModelDevice, request: SyncRequest, answer: DeviceAnswer): void {
  const samePlace =
    device.epoch === request.epoch &&
    device.cursor?.seq === request.cursor?.seq &&
    device.cursor?.floor === request.cursor?.floor;
  if (!samePlace) return;
  if (answer.is === 'reset') {
    takeUpEpoch(device, answer);
    return;
  }
  answer.results.forEach((result, i) => {
    const op = request.ops[i];
    if (op !== undefined) keepResult(device, op, result);
  });
  for (const change of answer.changes) {
    const row = structuredClone(change) as AnyRow;
    if ('gone' in row) forget(device, row.kind, row.id, row.seq);
    else keepRow(device, row);
  }
  if (request.cursor === null) device.began = answer.cursor.seq;
  device.epoch = answer.epoch;
  device.cursor = answer.cursor;
}

function keepResult(device: ModelDevice, op: Op, result: Result): void {
  if (result.is === 'gone') forget(device, op.kind, op.id, result.seq);
  if (result.is === 'stored' && 'set' in op) keepRow(device, storedRow(op, result) as AnyRow);
  const waits = device.waiting.get(op.id);
  if (result.is === 'refused' && waits !== undefined) {
    device.waiting.delete(op.id);
    device.refused.push({ op: waits, code: result.code });
  }
}

function keepRow(device: ModelDevice, row: AnyRow): void {
  if (device.gone.has(row.id) || (row.kind === 'message' && device.gone.has(row.conversation))) return;
  if ((device.base.get(row.id)?.seq ?? 0) <= row.seq) device.base.set(row.id, row);
  for (const clock of Object.values(row.clocks)) device.seen = laterClock(device.seen, clock);
  const waits = device.waiting.get(row.id);
  if (waits === undefined || !('set' in waits) || waits.kind !== row.kind) return;
  const clocks: Record<string, Clock> = row.clocks;
  const above = Object.entries<[unknown, Clock]>(waits.set).filter(
    ([field, [, clock]]) => clock > (clocks[field] ?? ''),
  );
  if (above.length === 0) device.waiting.delete(row.id);
  else device.waiting.set(row.id, { ...waits, set: Object.fromEntries(above) } as Op);
}

/** Its messages go with a conversation, those that wait too: people would be offered them for another one. */
function forget(device: ModelDevice, kind: Kind, id: string, seq: number): void {
  device.gone.set(id, { kind, seq });
  device.base.delete(id);
  device.waiting.delete(id);
  for (const row of device.base.values()) if (isMessageOf(row, id)) device.base.delete(row.id);
  for (const op of device.waiting.values())
    if ('made' in op && isMessageOf({ ...op, ...op.made }, id)) device.waiting.delete(op.id);
}

function isMessageOf(entity: object, conversation: string): boolean {
  return 'conversation' in entity && entity.conversation === conversation;
}

function isGone(device: ModelDevice, op: WriteOp): boolean {
  return device.gone.has(op.id) || ('conversation' in op.made && device.gone.has(String(op.made.conversation)));
}

/** The server was restored: what it may not have any more is offered to it again, before what was waiting. */
function takeUpEpoch(device: ModelDevice, answer: Extract<DeviceAnswer, { is: 'reset' }>): void {
  const own = answer.epochs.findIndex(({ epoch }) => epoch === device.epoch);
  const common = own === -1 ? 0 : Math.min(...answer.epochs.slice(own).map(({ from }) => from));
  const waiting = device.waiting;
  device.waiting = new Map();
  for (const [id, { kind, seq }] of device.gone) {
    if (seq > common) device.waiting.set(id, { kind, id, origin: 'backfill', purge: true });
  }
  for (const row of [...device.base.values()].filter(({ seq }) => seq > common)) {
    device.base.delete(row.id);
    device.waiting.set(row.id, offeredAgain(row));
  }
  for (const op of waiting.values()) write(device, op);
  device.epoch = answer.epoch;
  const { cursor } = device;
  if (cursor === null || cursor.seq <= common) return;
  // A first sync brings no tombstones: what was purged when it began, and is back now, it has never heard of.
  const again = device.began > common;
  device.began = Math.min(device.began, common);
  const floor = again ? common + 1 : cursor.floor === null ? null : Math.min(cursor.floor, common + 1);
  device.cursor = { seq: common, floor };
}

function offeredAgain(row: AnyRow): Op {
  const definition = entities[row.kind];
  const values = row as unknown as Record<string, unknown>;
  const clocks: Record<string, Clock> = row.clocks;
  const made = Object.fromEntries(Object.keys(definition.made).map((name) => [name, values[name]]));
  const set = Object.fromEntries(
    Object.keys(definition.fields).map((field) => [field, [values[field], clocks[field]]]),
  );
  return { kind: row.kind, id: row.id, origin: 'backfill', made, set } as unknown as Op;
}

/** Conversations before their messages, else in order of writing. */
function inOrder(ops: Op[]): Op[] {
  return [...ops.filter((op) => op.kind === 'conversation'), ...ops.filter((op) => op.kind !== 'conversation')];
}
