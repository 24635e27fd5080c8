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

async function removeMessages(stored: Stored, conversation: string): Promise<void> {
  stored.removeDraft(conversation);
  for (const message of await stored.messagesOf(conversation)) {
    stored.removeEntity('message', message.id);
    stored.removeOutbox(message.id);
    stored.putTombstone({ id: message.id, kind: 'message', seq: null });
  }
}
