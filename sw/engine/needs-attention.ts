import type { ConversationRecord, MessageRecord } from '../../contract/database.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { purge } from './purge.ts';
import { rankAgain } from './ranks.ts';
import type { Writing } from './written-fields.ts';

/** Puts what was refused back into the outbox. False if nothing of that name is there. */
export async function retryRefused(stored: Stored, id: string): Promise<boolean> {
  const entry = (await stored.outboxEntries([id])).get(id);
  if (entry === undefined) return false;
  if (entry.state !== 'refused') return true;
  const { refusal: _, unreadable: __, ...rest } = entry;
  stored.putOutbox({ ...rest, state: 'waiting' });
  return true;
}

/**
 * Gives up what was refused or is waiting. What the server has keeps the server's version; what it may have without our
 * knowing is purged there too; what it never had leaves the device. False if nothing of that name waits.
 */
export async function discardWaiting(stored: Stored, id: string, writing: Writing): Promise<boolean> {
  const entry = (await stored.outboxEntries([id])).get(id);
  if (entry === undefined) return false;
  if (entry.purge === true) {
    if (entry.state === 'refused') stored.removeOutbox(id);
    return true;
  }
  const record: AnyRecord | undefined = await stored.entity(entry.kind, id);
  if (record === undefined) {
    stored.removeOutbox(id);
    return true;
  }
  if (record.base !== null) {
    stored.removeOutbox(id);
    await rankAgain(stored, { ...record, local: {} } as ConversationRecord | MessageRecord);
    return true;
  }
  // Refused means that the server does not have it, so there is nothing to purge there; unless only its answer made no sense.
  if (entry.state === 'refused' && entry.refusal !== 'invalid-answer') stored.putOutbox({ ...entry, attempts: 0 });
  await purge(stored, entry.kind, id, writing);
  if (record.kind === 'message') {
    const home = await stored.entity('conversation', record.conversation);
    if (home !== undefined) await rankAgain(stored, home);
  }
  return true;
}
