import { seenFields } from '../../contract/overlay.ts';
import type { AccountDatabase } from './open-database.ts';
import { readLatest } from './read-latest.ts';

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
  const byPlace = database.transaction('conversations').store.index('trashRank');
  const { records } = await readLatest(byPlace, null, most);
  return records.reverse().map((record) => {
    const received = record.local.trashed ? null : (record.base?.trashedAt ?? null);
    return {
      id: record.id,
      title: seenFields(record).title ?? '',
      at: record.local.trashed?.written.device ?? received,
      goneAt: received === null ? null : received + keptMs,
    };
  });
}
