import * as v from 'valibot';
import type { AnyRow, Kind } from '../../contract/entities.ts';
import { kinds, parseRow } from '../../contract/entities.ts';
import { type Op, type Synced, storedRow, TombstoneSchema } from '../../contract/wire.ts';

/** What an answer brings, checked row by row. */
export interface Incoming {
  rows: AnyRow[];
  gone: { kind: Kind; id: string; seq: number }[];
  refused: { id: string; code: string }[];
  /** Rows that are none, to be set aside; `of` names the op whose result it was. */
  invalid: { row: unknown; of: string | null }[];
  /** Ops of which it is not known what became. */
  unreadable: string[];
}

/** Null if the results are not those of these ops: then nothing of the answer can be trusted. */
export function readAnswer(ops: readonly Op[], answer: Pick<Synced, 'results' | 'changes'>): Incoming | null {
  if (answer.results.length !== ops.length) return null;
  const incoming: Incoming = { rows: [], gone: [], refused: [], invalid: [], unreadable: [] };
  for (const [index, result] of answer.results.entries()) {
    const op = ops[index];
    if (op === undefined) return null;
    if (result.is === 'unreadable') {
      incoming.unreadable.push(op.id);
      continue;
    }
    if (op.id !== result.id) return null;
    if (result.is === 'gone') incoming.gone.push({ kind: op.kind, id: op.id, seq: result.seq });
    else if (result.is === 'refused') incoming.refused.push({ id: op.id, code: result.code });
    else if ('purge' in op) incoming.invalid.push({ row: result, of: op.id });
    else takeRow(incoming, storedRow(op, result), op.id);
  }
  for (const change of answer.changes) {
    const tombstone = v.safeParse(TombstoneSchema, change);
    if (!tombstone.success) takeRow(incoming, change, null);
    else if (isKind(tombstone.output.kind)) incoming.gone.push({ ...tombstone.output, kind: tombstone.output.kind });
    else incoming.invalid.push({ row: change, of: null });
  }
  return incoming;
}

function takeRow(incoming: Incoming, candidate: unknown, of: string | null): void {
  const row = parseRow(candidate);
  if (row === null) incoming.invalid.push({ row: candidate, of });
  else incoming.rows.push(row);
}

function isKind(kind: string): kind is Kind {
  return (kinds as string[]).includes(kind);
}
