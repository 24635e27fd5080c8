import { seenFields } from '../../contract/overlay.ts';
import type { AccountDatabase } from './open-database.ts';

/** A conversation as its own screen shows it. */
export interface ShownConversation {
  id: string;
  title: string;
  trashed: boolean;
}

/** The conversation of that id; null where it is not on this device. */
export async function readConversation(database: AccountDatabase, id: string): Promise<ShownConversation | null> {
  const record = await database.get('conversations', id);
  if (record === undefined) return null;
  const fields = seenFields(record);
  return { id, title: fields.title ?? '', trashed: fields.trashed ?? false };
}
