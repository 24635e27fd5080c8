import type { OutboxEntry, TombstoneRecord } from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import type { AnyRecord, Stored } from './ports.ts';
import type { Writing } from './written-fields.ts';

/**
 * Removes an entity for good, a conversation with its messages. The server is told unless it cannot have heard of it; the
 * tombstone keeps a repeated command or a late row from bringing it back. True if there was anything to remove.
 */
export async function purge(stored: Stored, kind: Kind, id: string, writing: Writing): Promise<boolean> {
  const record: AnyRecord | undefined = await stored.entity(kind, id);
  if (record === undefined) return false;
  const entry = (await stored.outboxEntries([id])).get(id);
  if (kind === 'conversation') await removeMessages(stored, id);
  stored.removeEntity(kind, id);
  stored.putTombstone({ id, kind, seq: null });

  const heardOf = record.base !== null || (entry !== undefined && entry.attempts > 0);
  if (!heardOf) {
    stored.removeOutbox(id);
    return true;
  }
  const state = await stored.state();
  stored.putState({ ...state, nextOrder: state.nextOrder + 1 });
  stored.putOutbox({
    id,
    kind,
    order: state.nextOrder,
    origin: entry?.origin ?? writing.origin,
    state: 'waiting',
    purge: true,
    attempts: 0,
  });
  return true;
}

/**
 * Tells the server after all of what was purged here as something it could not have heard of, where it did hear of it: from a
 * copy of this profile.
 */
export function purgeThereToo(
  stored: Stored,
  rows: ReadonlyMap<string, unknown>,
  gone: ReadonlyMap<string, TombstoneRecord>,
  entries: ReadonlyMap<string, OutboxEntry>,
): void {
  for (const { id, kind, seq } of gone.values()) {
    if (seq !== null || !rows.has(id) || entries.has(id)) continue;
    stored.putOutbox({ id, kind, order: 0, origin: 'live', state: 'waiting', purge: true, attempts: 0 });
  }
}

async function removeMessages(stored: Stored, conversation: string): Promise<void> {
  stored.removeDraft(conversation);
  const messages = await stored.messagesOf(conversation);
  await stored.removeOutboxEntries((await stored.outboxEntries(messages.map(({ id }) => id))).keys());
  for (const { id, savedAt } of messages) {
    // The conversation's tombstone covers the rest; only what was written here can be written again by a late repeat.
    if (savedAt !== undefined) stored.putTombstone({ id, kind: 'message', seq: null });
  }
  await stored.removeMessagesOf(conversation);
}
