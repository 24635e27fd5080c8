import { type ConversationRecord, type MessageRecord, unsentRank } from '../../contract/database.ts';
import { seenFields } from '../../contract/overlay.ts';
import type { Stored } from './ports.ts';

/** A message's place: its pos once the server has it, until then after all that it has, in order of writing. */
export async function messageRank(stored: Stored, record: Pick<MessageRecord, 'id' | 'base'>): Promise<number> {
  if (record.base !== null) return record.base.pos;
  const entry = (await stored.outboxEntries([record.id])).get(record.id);
  return unsentRank + (entry?.order ?? 0);
}

/**
 * Puts the record with its place worked out again. A conversation stands where the server puts it, but above all of those
 * while it, or a message in it, waits unsent; so its messages must be put before it.
 */
export async function rankAgain(stored: Stored, record: ConversationRecord | MessageRecord): Promise<void> {
  if (record.kind === 'message') {
    stored.putEntity({ ...record, rank: await messageRank(stored, record) });
    return;
  }
  stored.putEntity(placed(record, await placeInList(stored, record)));
}

/** Places many at once; with nothing in the outbox the server's word is all there is. */
export async function rankAllAgain(stored: Stored, records: readonly ConversationRecord[]): Promise<void> {
  const waits = await stored.anythingWaits();
  const places = records.map((record) =>
    waits || record.base === null ? placeInList(stored, record) : record.base.activity,
  );
  for (const [i, place] of (await Promise.all(places)).entries()) {
    const record = records[i];
    if (record !== undefined) stored.putEntity(placed(record, place));
  }
}

async function placeInList(stored: Stored, record: ConversationRecord): Promise<number> {
  const unsent = await stored.lastUnsentRank(record.id);
  const own =
    record.base?.activity ?? unsentRank + ((await stored.outboxEntries([record.id])).get(record.id)?.order ?? 0);
  return unsent === null ? own : Math.max(unsent, own);
}

function placed(record: ConversationRecord, place: number): ConversationRecord {
  const { rank: _, trashRank: __, ...rest } = record;
  return seenFields(record).trashed === true ? { ...rest, trashRank: place } : { ...rest, rank: place };
}
