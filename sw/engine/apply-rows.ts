import { type Clock, laterClock } from '../../contract/clock.ts';
import type { ConversationRecord, MessageRecord, OutboxEntry } from '../../contract/database.ts';
import type { AnyRow, Row } from '../../contract/entities.ts';
import { localFields } from './fix-clocks.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';

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
 * Makes rows the new base of their entities, except of what is gone. What has no local field left leaves the outbox, in
 * this same transaction. Returns the conversations that look different now.
 */
export async function applyRows(stored: Stored, rows: AnyRow[], now: number): Promise<Set<string>> {
  const newest = newestOfEach(rows);
  const messages = [...newest.values()].filter((row): row is Row<'message'> => row.kind === 'message');
  const homes = new Set(messages.map((row) => row.conversation));
  const gone = await stored.tombstones([...newest.keys(), ...homes]);
  const entries = await stored.outboxEntries(newest.keys());
  const messageRecords = await stored.entities(
    'message',
    messages.map((row) => row.id),
  );

  for (const row of messages) {
    if (gone.has(row.id) || gone.has(row.conversation)) continue;
    const record = withBase(messageRecords.get(row.id), row, now) as MessageRecord;
    dropAnswered(record);
    settle(stored, record, entries.get(row.id));
    stored.putEntity({ ...record, rank: record.base?.pos ?? record.rank });
  }

  const conversations = [...newest.values()].filter((row) => row.kind === 'conversation');
  const touched = new Set([...homes, ...conversations.map((row) => row.id)]);
  const records = await stored.entities('conversation', touched);
  for (const id of touched) {
    if (gone.has(id)) continue;
    const row = newest.get(id);
    const record = row === undefined ? records.get(id) : (withBase(records.get(id), row, now) as ConversationRecord);
    if (record === undefined) continue;
    dropAnswered(record);
    if (row !== undefined) settle(stored, record, entries.get(id));
    await rankAgain(stored, record);
  }
  return touched;
}

function settle(stored: Stored, record: AnyRecord, entry: OutboxEntry | undefined): void {
  if (entry === undefined || entry.purge === true) return;
  if (Object.keys(record.local).length === 0) stored.removeOutbox(record.id);
}

/** The highest clock in these rows. */
export function highestClock(rows: AnyRow[]): Clock | null {
  return rows
    .flatMap((row) => Object.values(row.clocks) as Clock[])
    .reduce<Clock | null>((highest, clock) => laterClock(highest, clock), null);
}
