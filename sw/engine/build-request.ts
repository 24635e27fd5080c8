import type { Clock } from '../../contract/clock.ts';
import type { OutboxEntry } from '../../contract/database.ts';
import { limits } from '../../contract/limits.ts';
import type { Op } from '../../contract/wire.ts';
import { localFields } from './fix-clocks.ts';
import type { AnyRecord } from './ports.ts';

/** Of JSON's UTF-16 units each takes up to three bytes on the wire, and room is left for what is around the ops. */
const unitsMost = limits.requestBytes / 4;

/** The first ops of what is ready: at most `most`, and no more than fits into one request; and how long they are. */
export function buildOps(
  ready: readonly OutboxEntry[],
  records: ReadonlyMap<string, AnyRecord>,
  most: number,
): { ops: Op[]; units: number } {
  const ops: Op[] = [];
  let units = 0;
  for (const entry of ready) {
    if (ops.length >= most) break;
    const op = buildOp(entry, records.get(entry.id));
    if (op === null) continue;
    const own = JSON.stringify(op).length;
    if (ops.length > 0 && units + own > unitsMost) break;
    units += own;
    ops.push(op);
  }
  return { ops, units };
}

function buildOp(entry: OutboxEntry, record: AnyRecord | undefined): Op | null {
  const { kind, id, origin } = entry;
  if (entry.purge === true) return { kind, id, origin, purge: true };
  if (record === undefined) return null;
  const set = Object.fromEntries(localFields(record).map(([field, { value, clock }]) => [field, [value, clock]]));
  return { kind, id, origin, made: record.made, set } as Op;
}

/** Every clock that these ops carry. */
export function clocksOf(ops: readonly Op[]): Set<Clock> {
  const fields = ops.flatMap((op) => ('set' in op ? (Object.values(op.set) as [unknown, Clock][]) : []));
  return new Set(fields.map(([, clock]) => clock));
}
