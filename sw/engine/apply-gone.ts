import type { OutboxEntry } from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';

export interface Gone {
  kind: Kind;
  id: string;
  seq: number;
}

/**
 * Removes what the server says is gone for good. Text that a person wrote here and the server never had stays, refused as
 * `gone`, for its writer to decide. Returns the conversations that look different now.
 */
export async function applyGone(stored: Stored, gone: readonly Gone[]): Promise<Set<string>> {
  const touched = new Set<string>();
  for (const { kind, id, seq } of gone) {
    const entry = (await stored.outboxEntries([id])).get(id);
    const record: AnyRecord | undefined = await stored.entity(kind, id);
    if (kind === 'conversation') {
      const messages = await stored.messagesOf(id);
      const entries = await stored.outboxEntries(messages.map((message) => message.id));
      for (const message of messages) letGo(stored, message, entries.get(message.id));
      touched.add(id);
    }
    if (record?.kind === 'message') touched.add(record.conversation);
    if (letGo(stored, record, entry)) {
      if (record === undefined || record.kind === 'conversation') stored.removeOutbox(id);
      stored.putTombstone({ id, kind, seq });
    }
  }
  for (const id of touched) {
    const home = await stored.entity('conversation', id);
    if (home !== undefined) await rankAgain(stored, home);
  }
  return touched;
}

/** False if it stays because nobody but this device has its text. */
function letGo(stored: Stored, record: AnyRecord | undefined, entry: OutboxEntry | undefined): boolean {
  if (record === undefined) return true;
  const onlyHere = record.kind === 'message' && record.base === null && record.made.role === 'user';
  if (onlyHere && entry !== undefined) {
    stored.putOutbox({ ...entry, state: 'refused', refusal: 'gone' });
    return false;
  }
  stored.removeEntity(record.kind, record.id);
  stored.removeOutbox(record.id);
  return true;
}
