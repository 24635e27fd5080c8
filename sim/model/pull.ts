import type { Change, Cursor, Result } from '../../contract/wire.ts';
import { type Account, allRows } from './account.ts';

export interface Page {
  changes: Change[];
  cursor: Cursor;
  more: boolean;
}

/** The next page for a device that stands at this cursor; null is a device that has nothing yet. */
export function pull(account: Account, asked: Cursor | null, limit: number, results: Result[]): Page {
  const { head } = account;
  const stand = asked ?? { seq: head, floor: head + 1 };
  const seq = Math.min(stand.seq, head);
  const page = stand.floor === null ? upward(account, seq, limit) : downward(account, seq, stand.floor, limit);
  const known = new Set(results.map((result) => (result.is === 'refused' ? '' : `${result.id} ${result.seq}`)));
  return { ...page, changes: page.changes.filter((change) => !known.has(`${change.id} ${change.seq}`)) };
}

/** What changed since. */
function upward(account: Account, above: number, limit: number): Page {
  const changes: Change[] = [...allRows(account), ...account.tombstones.values()]
    .filter((change) => change.seq > above)
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit);
  const last = changes.at(-1);
  const seq = changes.length === limit && last !== undefined ? last.seq : account.head;
  return { changes, cursor: { seq, floor: null }, more: seq < account.head };
}

/** The walk of a first sync, newest change first; it starts with nothing, so it needs no tombstones. */
function downward(account: Account, seq: number, floor: number, limit: number): Page {
  const changes: Change[] = allRows(account)
    .filter((row) => row.seq < floor && row.seq <= seq)
    .sort((a, b) => b.seq - a.seq)
    .slice(0, limit);
  const last = changes.at(-1);
  const reached = changes.length === limit && last !== undefined ? last.seq : null;
  return { changes, cursor: { seq, floor: reached }, more: reached !== null || seq < account.head };
}
