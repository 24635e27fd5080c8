import type { AnyRow, Kind } from '../../contract/entities.ts';
import type { Op, Result, WriteOp } from '../../contract/wire.ts';
import { type Account, rowOf } from './account.ts';

/** Whether it writes an entity of this kind. */
export const isWriteOf =
  <K extends Kind>(kind: K) =>
  (op: Op): op is Extract<Op, WriteOp<K>> =>
    op.kind === kind && !('purge' in op);

/** What is gone for good with this id, or, for a message, with its conversation. */
export function coveringTombstone(account: Account, op: Op) {
  const own = account.tombstones.get(op.id);
  if (own !== undefined || !isWriteOf('message')(op) || account.messages.has(op.id)) return own;
  return account.tombstones.get(op.made.conversation);
}

/** What became of an op, by the row as it stands now. */
export function resultOf(account: Account, op: Op, refused: string | undefined): Result {
  if (refused !== undefined) return { id: op.id, is: 'refused', code: refused };
  const tombstone = coveringTombstone(account, op);
  const row = rowOf(account, op.kind, op.id);
  if (tombstone !== undefined || row === null || 'purge' in op) {
    return { id: op.id, is: 'gone', seq: tombstone?.seq ?? 0 };
  }
  return { id: op.id, is: 'stored', seq: row.seq, differs: differs(row, op) };
}

/** What of a row is not exactly what was sent. */
function differs(row: AnyRow, op: WriteOp): Record<string, unknown> {
  const { kind: _kind, id: _id, seq: _seq, clocks, ...values } = row;
  const sent: Record<string, [unknown, string] | undefined> = op.set;
  const made: Record<string, unknown> = op.made;
  const other: [string, unknown][] = Object.entries(values).filter(([name, value]) => {
    const written = sent[name];
    return value !== (written === undefined ? made[name] : written[0]);
  });
  const otherClocks = Object.entries(clocks).filter(([field, clock]) => clock !== sent[field]?.[1]);
  if (otherClocks.length > 0) other.push(['clocks', Object.fromEntries(otherClocks)]);
  return Object.fromEntries(other);
}
