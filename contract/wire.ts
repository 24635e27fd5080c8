import * as v from 'valibot';
import type { Clock } from './clock.ts';
import { type AnyRow, type FieldName, type Fields, type Kind, type Made, SeqSchema } from './entities.ts';
import { IdSchema } from './ids.ts';

/** The version of everything in this file; docs/protocol.md is its text. */
export const protocolVersion = 1;

/** How an op came to be: only `live` ones are usage. */
export type Origin = 'live' | 'import' | 'backfill';

/** What a device wrote of one entity: its facts, and each waiting field with its clock. */
export interface WriteOp<K extends Kind = Kind> {
  kind: K;
  id: string;
  origin: Origin;
  made: Made<K>;
  set: { [F in FieldName<K>]?: [value: Fields<K>[F], clock: Clock] };
}

/** An entity that is to be gone for good. */
export interface PurgeOp {
  kind: Kind;
  id: string;
  origin: Origin;
  purge: true;
}

export type Op = { [K in Kind]: WriteOp<K> }[Kind] | PurgeOp;

/**
 * Where a device stands. `seq`: it has everything up to there, except, while `floor` is a number, what the first
 * sync's walk downward from `seq` has not reached: rows with a seq below `floor`.
 */
export const CursorSchema = v.object({
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  floor: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type Cursor = v.InferOutput<typeof CursorSchema>;

/** Statistics of earlier cycles; they ride along, never alone. */
export interface CycleReport {
  trigger: string;
  ms: number;
  bytesUp: number;
  bytesDown: number;
  rows: number;
  outcome: string;
  /** Failed tries before it. */
  retries?: number;
}

export interface SyncRequest {
  v: number;
  device: string;
  /** null only before the first answer. */
  epoch: string | null;
  cursor: Cursor | null;
  ops: Op[];
  limit: number;
  reports?: CycleReport[];
}

export const TierSchema = v.picklist(['free', 'core', 'studio']);
export type Tier = v.InferOutput<typeof TierSchema>;

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const duration = v.pipe(v.number(), v.minValue(0), v.maxValue(60_000));

/** How this device is to behave, decided by the server and stretched under load. */
export const PolicySchema = v.object({
  /** Usually one of those above; a later server may know others. */
  tier: v.pipe(v.string(), v.minLength(1)),
  /** Seconds between two polls while a page is visible. */
  interval: v.pipe(v.number(), v.minValue(1)),
  maxOps: count,
  maxPull: count,
  /** By trigger: milliseconds that changes wait for more of their kind, and the most. */
  debounces: v.fallback(v.optional(v.record(v.string(), v.object({ ms: duration, most: duration }))), undefined),
  /** Entities in the first page of a first sync, and in the largest. */
  pageSizes: v.fallback(v.optional(v.object({ first: count, most: count })), undefined),
});
export type Policy = v.InferOutput<typeof PolicySchema>;

export const refusalCodes = ['no-conversation', 'too-long', 'bad-op', 'unknown-kind'] as const;
export type RefusalCode = (typeof refusalCodes)[number];

const StoredSchema = v.object({
  id: IdSchema,
  is: v.literal('stored'),
  seq: SeqSchema,
  /** The row as it stands at the end of the transaction, less what is as it was sent. */
  differs: v.record(v.string(), v.unknown()),
});
const GoneSchema = v.object({ id: IdSchema, is: v.literal('gone'), seq: SeqSchema });
const RefusedOpSchema = v.object({ id: IdSchema, is: v.literal('refused'), code: v.string() });

export const ResultSchema = v.variant('is', [StoredSchema, GoneSchema, RefusedOpSchema]);
export type Result = v.InferOutput<typeof ResultSchema>;

/** A result that is none: what became of its op is not known, and those beside it are as good as ever. */
const UnreadableResultSchema = v.pipe(
  v.unknown(),
  v.transform((said) => ({ is: 'unreadable' as const, id: '', said })),
);

export const TombstoneSchema = v.object({
  kind: v.string(),
  id: IdSchema,
  seq: SeqSchema,
  gone: v.literal(true),
});
export type Tombstone = v.InferOutput<typeof TombstoneSchema>;

export type Change = AnyRow | Tombstone;

const envelope = {
  v: v.number(),
  epoch: v.pipe(v.string(), v.minLength(1)),
  /** Server time in milliseconds. */
  time: v.pipe(v.number(), v.integer()),
};

/** The usual answer. Results and changes are checked one by one, so that a bad one does not hold up the rest. */
export const SyncedSchema = v.object({
  ...envelope,
  is: v.literal('synced'),
  results: v.array(v.union([ResultSchema, UnreadableResultSchema])),
  changes: v.array(v.unknown()),
  cursor: CursorSchema,
  more: v.boolean(),
  policy: PolicySchema,
});
export type Synced = v.InferOutput<typeof SyncedSchema>;

/** The request named an epoch that is not the server's: nothing was processed. */
export const ResetSchema = v.object({
  ...envelope,
  is: v.literal('reset'),
  /** Every epoch there was, oldest first, with the seq its data began from. */
  epochs: v.array(v.object({ epoch: v.string(), from: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
});

/** A clock was ahead of the server: nothing was processed; fix the clocks again by `time`. */
export const ClockAheadSchema = v.object({ ...envelope, is: v.literal('clock') });

export const AnswerSchema = v.variant('is', [SyncedSchema, ResetSchema, ClockAheadSchema]);
export type Answer = v.InferOutput<typeof AnswerSchema>;

/** Asks for one conversation's messages below a place; without one for the newest. On every tier. */
export interface HistoryRequest {
  conversation: string;
  before: number | null;
  /** At most 1,000 are given. */
  limit: number;
}

/** Messages newest first; `seq` is the head they were read at. Rows are checked one by one. */
export const HistorySchema = v.object({
  ...envelope,
  is: v.literal('history'),
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  rows: v.array(v.unknown()),
  more: v.boolean(),
});
export type History = v.InferOutput<typeof HistorySchema>;

/** What the server has of a user, in short; docs/protocol.md says how a device gets the same. */
export const DigestSchema = v.object({
  ...envelope,
  is: v.literal('digest'),
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hash: v.string(),
  /** The beginning of each bucket's hash, to find where two differ. */
  buckets: v.record(v.string(), v.string()),
});
export type Digest = v.InferOutput<typeof DigestSchema>;

/** One page of everything a user has; `next` is the `after` of the page that follows, null after the last. */
export const ExportSchema = v.object({
  ...envelope,
  is: v.literal('export'),
  rows: v.array(v.unknown()),
  next: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Only of the first page. */
  account: v.optional(v.record(v.string(), v.unknown())),
});
export type Export = v.InferOutput<typeof ExportSchema>;

/** The body of every answer with a status of 400 or more that is ours. */
export const RefusedSchema = v.object({
  is: v.literal('refused'),
  code: v.picklist(['tier', 'gone', 'too-large', 'bad-request', 'too-old', 'throttled', 'busy', 'auth']),
  message: v.string(),
  /** Seconds. */
  retryAfter: v.optional(v.number()),
  time: v.optional(v.number()),
});
export type Refused = v.InferOutput<typeof RefusedSchema>;

/** The row a stored op became: what was sent, and over it what the server says differs. */
export function storedRow<K extends Kind>(
  op: WriteOp<K>,
  result: { seq: number; differs: Record<string, unknown> },
): unknown {
  const { clocks, ...differs } = result.differs;
  const sent = Object.entries(op.set) as [string, [unknown, Clock]][];
  return {
    ...op.made,
    ...Object.fromEntries(sent.map(([field, [value]]) => [field, value])),
    ...differs,
    clocks: { ...Object.fromEntries(sent.map(([field, [, clock]]) => [field, clock])), ...(clocks ?? {}) },
    kind: op.kind,
    id: op.id,
    seq: result.seq,
  };
}
