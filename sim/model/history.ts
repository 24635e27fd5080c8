import type { HistoryRequest } from '../../contract/wire.ts';
import { type Account, rowOf } from './account.ts';

/** Messages of one conversation below a place, newest first, as the protocol says. */
export function historyOf(account: Account, { conversation, before, limit }: HistoryRequest) {
  const below = [...account.messages.values()]
    .filter((message) => message.conversation === conversation && message.pos < (before ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => b.pos - a.pos);
  const rows = below.slice(0, limit).map(({ id }) => rowOf(account, 'message', id));
  return { seq: account.head, rows, more: rows.length < below.length };
}
