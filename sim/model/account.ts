import type { Clock } from '../../contract/clock.ts';
import type { AnyRow, Kind, Row } from '../../contract/entities.ts';
import { limits } from '../../contract/limits.ts';
import type { Origin, Tombstone } from '../../contract/wire.ts';

/**
 * What the server keeps of one user, as docs/protocol.md says it and no cleverer. What a conversation tells of its
 * messages is not kept but counted anew each time it is asked for.
 */
export interface Account {
  head: number;
  conversations: Map<string, StoredConversation>;
  messages: Map<string, StoredMessage>;
  tombstones: Map<string, Tombstone>;
  /** The messages that were ever sent live, whatever became of them: each is usage once. */
  used: Map<string, 'user' | 'assistant'>;
}

export interface StoredConversation {
  id: string;
  seq: number;
  title: string;
  trashed: boolean;
  clocks: { title: Clock; trashed: Clock };
  trashedAt: number | null;
  firstSeq: number;
  createdAt: number;
}

export interface StoredMessage {
  id: string;
  seq: number;
  origin: Origin;
  conversation: string;
  role: 'user' | 'assistant';
  parent: string | null;
  attempt: number;
  text: string;
  clocks: { text: Clock };
  pos: number;
  at: number;
}

export function emptyAccount(): Account {
  return { head: 0, conversations: new Map(), messages: new Map(), tombstones: new Map(), used: new Map() };
}

/** The newest message of a conversation, if it has one. */
export function newestMessage(account: Account, conversation: string): StoredMessage | null {
  let newest: StoredMessage | null = null;
  for (const message of account.messages.values()) {
    if (message.conversation === conversation && message.pos > (newest?.pos ?? 0)) newest = message;
  }
  return newest;
}

/** The beginning of a message on one line. */
export function previewOf(text: string): string {
  const start = [...text.replace(/^[ \t\r\n]+/, '')].slice(0, 10 * limits.previewCharacters).join('');
  const line = [...start.replace(/[ \t\n\v\f\r]+/g, ' ')].slice(0, limits.previewCharacters).join('');
  return line.replace(/ +$/, '');
}

export function conversationRow(account: Account, stored: StoredConversation): Row<'conversation'> {
  const newest = newestMessage(account, stored.id);
  let count = 0;
  for (const message of account.messages.values()) if (message.conversation === stored.id) count++;
  const { id, seq, clocks, title, trashed, trashedAt } = stored;
  return {
    kind: 'conversation',
    ...{ id, seq, clocks, title, trashed, trashedAt, count },
    activity: newest?.pos ?? stored.firstSeq,
    at: newest?.at ?? stored.createdAt,
    tokens: 0,
    preview: newest === null ? '' : previewOf(newest.text),
  };
}

function messageRow(stored: StoredMessage): Row<'message'> {
  const { origin: _, ...row } = stored;
  return { kind: 'message', ...row };
}

/** An entity as the wire says it, or null if there is none of this kind. */
export function rowOf(account: Account, kind: Kind, id: string): AnyRow | null {
  if (kind === 'message') {
    const message = account.messages.get(id);
    return message === undefined ? null : messageRow(message);
  }
  const conversation = account.conversations.get(id);
  return conversation === undefined ? null : conversationRow(account, conversation);
}

/** Every row, in order of seq. */
export function allRows(account: Account): AnyRow[] {
  const rows: AnyRow[] = [
    ...[...account.conversations.values()].map((conversation) => conversationRow(account, conversation)),
    ...[...account.messages.values()].map(messageRow),
  ];
  return rows.sort((a, b) => a.seq - b.seq);
}
