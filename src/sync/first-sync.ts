import type { Cursor } from '../../contract/wire.ts';

/** How much of the first sync's walk is done, in percent; null when there is none under way. */
export function firstSyncPercent(cursor: Cursor | null): number | null {
  if (cursor === null || cursor.floor === null || cursor.seq <= 0) return null;
  const done = cursor.seq + 1 - cursor.floor;
  return Math.max(0, Math.min(100, (100 * done) / cursor.seq));
}
