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
  const last = await stored.lastMessageRank(record.id);
  const own =
    record.base?.activity ?? unsentRank + ((await stored.outboxEntries([record.id])).get(record.id)?.order ?? 0);
  const place = last !== null && last >= unsentRank ? Math.max(last, own) : own;
  const { rank: _, trashRank: __, ...rest } = record;
  stored.putEntity(seenFields(record).trashed === true ? { ...rest, trashRank: place } : { ...rest, rank: place });
}
