import type {
  ConversationRecord,
  EntityRecords,
  LocalField,
  MessageRecord,
  OutboxEntry,
} from '../../contract/database.ts';
import type { FieldName, Fields, Kind } from '../../contract/entities.ts';
import { seenFields } from '../../contract/overlay.ts';
import type { Origin } from '../../contract/wire.ts';
import type { Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';

/** What a write needs to know besides what it writes. */
export interface Writing {
  /** The device's own time. */
  now: number;
  origin: Origin;
}

/**
 * Lays values over what the server said and puts the entity into the outbox, all in the open transaction. True if anything
 * changed: a value that is there already is not written, and writing back what the server has undoes what was never sent.
 */
export async function writeFields<K extends Kind>(
  stored: Stored,
  record: EntityRecords[K],
  values: Partial<Fields<K>>,
  writing: Writing,
): Promise<boolean> {
  const seen = seenFields(record) as Record<string, unknown>;
  const different = Object.entries(values).filter(([field, value]) => seen[field] !== value);
  if (different.length === 0) return false;

  const state = await stored.state();
  const entry = (await stored.outboxEntries([record.id])).get(record.id);
  const neverSent = entry === undefined || entry.attempts === 0;
  const order = state.nextOrder;
  const local = record.local as Record<string, LocalField<unknown>>;
  const base = record.base as Record<string, unknown> | null;
  for (const [field, value] of different) {
    if (base !== null && base[field] === value && neverSent) delete local[field as FieldName<K>];
    else {
      const written = { device: writing.now, server: state.serverTime, seen: state.seen, order };
      local[field] = { value, clock: null, written };
    }
  }
  stored.putState({ ...state, nextOrder: order + 1 });

  if (Object.keys(local).length === 0) stored.removeOutbox(record.id);
  else stored.putOutbox(waitingEntry(record, entry, order, writing.origin));
  await rankAgain(stored, record as ConversationRecord | MessageRecord);
  return true;
}

function waitingEntry(
  record: { id: string; kind: Kind },
  entry: OutboxEntry | undefined,
  order: number,
  origin: Origin,
): OutboxEntry {
  if (entry === undefined) return { id: record.id, kind: record.kind, order, origin, state: 'waiting', attempts: 0 };
  const { refusal: _, unreadable: __, ...rest } = entry;
  return { ...rest, state: 'waiting' };
}
