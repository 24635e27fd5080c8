import { seenFields } from '../../contract/overlay.ts';
import type { AccountDatabase } from './open-database.ts';

export interface TrashedConversation {
  id: string;
  title: string;
  /** When it was put into the trash. */
  at: number | null;
  /** When the server will delete it for good; null while the server does not know. */
  goneAt: number | null;
}

const keptMs = 30 * 86_400_000;

/** Up to `most` conversations of the trash, the last deleted first. */
export async function readTrash(database: AccountDatabase, most: number): Promise<TrashedConversation[]> {
  const found: TrashedConversation[] = [];
  let cursor = await database.transaction('conversations').store.index('trashRank').openCursor(null, 'prev');
  while (cursor && found.length < most) {
    const record = cursor.value;
    const received = record.local.trashed ? null : (record.base?.trashedAt ?? null);
    found.push({
      id: record.id,
      title: seenFields(record).title ?? '',
      at: record.local.trashed?.written.device ?? received,
      goneAt: received === null ? null : received + keptMs,
    });
    cursor = await cursor.continue();
  }
  return found;
}
