import * as v from 'valibot';
import { entities, fieldProblem, type Kind } from '../../contract/entities.ts';
import type { Op, RefusalCode } from '../../contract/wire.ts';

/** Why an op is refused that no stored row could make right; null if it is not. */
export function opProblem(op: Op): RefusalCode | null {
  if (!Object.hasOwn(entities, op.kind)) return 'unknown-kind';
  if ('purge' in op) return null;
  const { made, fields } = entities[op.kind];
  if (!v.is(v.object(made), op.made)) return 'bad-op';
  const problems = Object.entries<[unknown, string]>(op.set)
    .filter(([field]) => Object.hasOwn(fields, field))
    .map(([field, [value]]) => valueProblem(op.kind, field, value));
  if (problems.includes('bad-op')) return 'bad-op';
  return problems.includes('too-long') ? 'too-long' : null;
}

function valueProblem(kind: Kind, field: string, value: unknown): RefusalCode | null {
  if (fieldProblem(kind, field, value) === null) return null;
  const isTextInText = typeof value === 'string' && fieldProblem(kind, field, '') === null;
  return isTextInText ? 'too-long' : 'bad-op';
}
