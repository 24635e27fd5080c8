import type { ConversationRecord } from '../../contract/database.ts';
import { limits } from '../../contract/limits.ts';
import { shortened, wellFormed } from '../../contract/text.ts';
import type { Stored } from './ports.ts';
import { type Writing, writeFields } from './written-fields.ts';

/** False if there is no such conversation on this device. */
export function renameConversation(stored: Stored, id: string, title: string, writing: Writing): Promise<boolean> {
  const kept = shortened(wellFormed(title).trim(), limits.titleCharacters);
  return change(stored, id, kept === '' ? {} : { title: kept }, writing);
}

/** False if there is no such conversation on this device. */
export function trashConversation(stored: Stored, id: string, trashed: boolean, writing: Writing): Promise<boolean> {
  return change(stored, id, { trashed }, writing);
}

async function change(
  stored: Stored,
  id: string,
  fields: { title?: string; trashed?: boolean },
  writing: Writing,
): Promise<boolean> {
  const record: ConversationRecord | undefined = await stored.entity('conversation', id);
  if (record === undefined) return false;
  await writeFields<'conversation'>(stored, record, fields, writing);
  return true;
}
