import { type Clock, laterClock } from '../../contract/clock.ts';
import type { ConversationRecord, MessageRecord, OutboxEntry } from '../../contract/database.ts';
import type { AnyRow, Row } from '../../contract/entities.ts';
import { keepColdAway, notAway } from './away.ts';
import { localFields } from './fix-clocks.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { purgeThereToo } from './purge.ts';
import { rankAllAgain } from './ranks.ts';

/** Takes out of the outbox's hands every local field whose clock is at or below the base's. */
function dropAnswered(record: AnyRecord): void {
  const clocks = (record.base?.clocks ?? {}) as Record<string, Clock | undefined>;
  const local = record.local as Record<string, unknown>;
  for (const [field, { clock }] of localFields(record)) {
    const answered = clocks[field];
    if (clock !== null && answered !== undefined && clock <= answered) delete local[field];
  }
}

/** The record with this row as its base, unless it has a newer one. */
function withBase(record: AnyRecord | undefined, row: AnyRow, now: number): AnyRecord {
  if (record?.base && record.base.seq >= row.seq) return record;
  if (row.kind === 'conversation') return { ...(record ?? fresh(row)), made: {}, base: row } as ConversationRecord;
  const { conversation, role, parent, attempt } = row;
  const made = { conversation, role, parent, attempt };
  const message = (record ?? { ...fresh(row), rank: row.pos }) as MessageRecord;
  const firstAnswer = message.savedAt !== undefined && message.sentAt === undefined;
  return { ...message, made, conversation, base: row, ...(firstAnswer ? { sentAt: now } : {}) };
}

function fresh(row: AnyRow) {
  return { kind: row.kind, id: row.id, local: {} };
}

function newestOfEach(rows: AnyRow[]): Map<string, AnyRow> {
  const newest = new Map<string, AnyRow>();
  for (const row of rows) {
    const known = newest.get(row.id);
    if (known === undefined || known.seq < row.seq) newest.set(row.id, row);
  }
  return newest;
}

/**
 * Makes rows the new base of their entities, except of what is gone, and of messages that have left this device. What has
 * no local field left leaves the outbox, in this same transaction. During the first sync, messages of conversations that
 * nobody touched since `coldBefore` do not come in at all. Returns the conversations that look different now.
 */
export async function applyRows(
  stored: Stored,
  rows: AnyRow[],
  now: number,
  coldBefore: number | null = null,
): Promise<Set<string>> {
  const newest = newestOfEach(rows);
  const messages = [...newest.values()].filter((row): row is Row<'message'> => row.kind === 'message');
  const conversations = [...newest.values()].filter((row) => row.kind === 'conversation');
  const touched = new Set([...messages.map((row) => row.conversation), ...conversations.map((row) => row.id)]);
  const gone = await stored.tombstones([...newest.keys(), ...touched]);
  const entries = await stored.outboxEntries(newest.keys());
  purgeThereToo(stored, newest, gone, entries);
  const here = messages.filter((row) => !gone.has(row.id) && !gone.has(row.conversation));
  const known = await stored.knownMessages(here);

  const answered: string[] = [];
  const homes = new Map<string, ConversationRecord>();
  const before = await stored.entities('conversation', touched);
  for (const id of touched) {
    const row = newest.get(id);
    const record = row === undefined ? before.get(id) : (withBase(before.get(id), row, now) as ConversationRecord);
    if (record === undefined || gone.has(id)) continue;
    dropAnswered(record);
    if (isAnswered(record, entries.get(id))) answered.push(id);
    homes.set(id, record);
  }
  if (coldBefore !== null) keepColdAway(homes, here, known, coldBefore);

  const changed: MessageRecord[] = [];
  for (const row of await notAway(stored, homes, here, known)) {
    const record = known.get(row.id);
    if (record?.base && record.base.seq >= row.seq && !hasLocal(record)) continue;
    const next = withBase(record, row, now) as MessageRecord;
    dropAnswered(next);
    if (isAnswered(next, entries.get(row.id))) answered.push(row.id);
    changed.push({ ...next, rank: next.base?.pos ?? next.rank });
  }
  await stored.removeOutboxEntries(answered);
  await stored.putMessages(changed);
  await rankAllAgain(stored, [...homes.values()]);
  return touched;
}

function hasLocal(record: AnyRecord): boolean {
  return Object.keys(record.local).length > 0;
}

function isAnswered(record: AnyRecord, entry: OutboxEntry | undefined): boolean {
  return entry !== undefined && entry.purge !== true && !hasLocal(record);
}

/** The highest clock in these rows. */
export function highestClock(rows: AnyRow[]): Clock | null {
  return rows
    .flatMap((row) => Object.values(row.clocks) as Clock[])
    .reduce<Clock | null>((highest, clock) => laterClock(highest, clock), null);
}
