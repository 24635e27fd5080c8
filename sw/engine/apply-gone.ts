import type { MessageRecord, OutboxEntry } from '../../contract/database.ts';
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
      await letMessagesGo(stored, id);
      touched.add(id);
    }
    if (record?.kind === 'message') touched.add(record.conversation);
    if (record?.kind === 'message' && staysRefused(stored, record, entry)) continue;
    if (record !== undefined) stored.removeEntity(kind, id);
    stored.removeOutbox(id);
    stored.putTombstone({ id, kind, seq });
  }
  for (const id of touched) {
    const home = await stored.entity('conversation', id);
    if (home !== undefined) await rankAgain(stored, home);
  }
  return touched;
}

async function letMessagesGo(stored: Stored, conversation: string): Promise<void> {
  const messages = await stored.messagesOf(conversation);
  const entries = await stored.outboxEntries(messages.map(({ id }) => id));
  const going = messages.filter((message) => !staysRefused(stored, message, entries.get(message.id)));
  await stored.removeOutboxEntries(going.map(({ id }) => id).filter((id) => entries.has(id)));
  if (going.length === messages.length) await stored.removeMessagesOf(conversation);
  else await stored.removeMessages(going.map(({ id }) => id));
}

/** True if it stays because nobody but this device has its text; its writer decides. */
function staysRefused(stored: Stored, message: MessageRecord, entry: OutboxEntry | undefined): boolean {
  if (message.base !== null || message.made.role !== 'user' || entry === undefined) return false;
  stored.putOutbox({ ...entry, state: 'refused', refusal: 'gone' });
  return true;
}
