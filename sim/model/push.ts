import { type Clock, makeClock } from '../../contract/clock.ts';
import type { Op, PurgeOp, Result, WriteOp } from '../../contract/wire.ts';
import { type Account, newestMessage, previewOf } from './account.ts';
import { opProblem } from './judge.ts';
import { coveringTombstone, isWriteOf, resultOf } from './results.ts';

type ConversationOp = WriteOp<'conversation'>;
type MessageOp = WriteOp<'message'>;

/** Of a field that nobody has written: any write is above it. */
const never = makeClock(0, 0, '000000000000');

/**
 * Applies the ops of a request. Seqs are taken in this order: purges and the conversations that lost messages by them;
 * changed and new conversations; changed texts and the previews that showed them; new messages and their conversations.
 */
export function push(account: Account, ops: Op[], now: number): Result[] {
  const refused = new Map<string, string>();
  for (const op of ops) {
    const problem = opProblem(op);
    if (problem !== null) refused.set(op.id, problem);
  }
  const readable = ops.filter((op) => !refused.has(op.id));
  purge(
    account,
    readable.filter((op) => 'purge' in op),
  );
  const writes = readable.filter((op) => !('purge' in op)).filter((op) => !account.tombstones.has(op.id));
  for (const op of writes) if (isOfAnotherKind(account, op)) refused.set(op.id, 'bad-op');
  const open = writes.filter((op) => !refused.has(op.id));
  writeConversations(account, open.filter(isWriteOf('conversation')), now);

  const messages = open.filter(isWriteOf('message'));
  writeTexts(
    account,
    messages.filter((op) => account.messages.has(op.id)),
  );
  const fresh = messages.filter((op) => !account.messages.has(op.id) && !coveringTombstone(account, op));
  for (const op of fresh) {
    if (!account.conversations.has(op.made.conversation)) refused.set(op.id, 'no-conversation');
    else if (op.set.text === undefined) refused.set(op.id, 'bad-op');
  }
  addMessages(
    account,
    fresh.filter((op) => !refused.has(op.id)),
    now,
  );
  return ops.map((op) => resultOf(account, op, refused.get(op.id)));
}

function isOfAnotherKind(account: Account, op: Op): boolean {
  return (
    (op.kind !== 'conversation' && account.conversations.has(op.id)) ||
    (op.kind !== 'message' && account.messages.has(op.id))
  );
}

function purge(account: Account, ops: PurgeOp[]): void {
  for (const { kind, id } of ops) {
    if (!account.tombstones.has(id)) account.tombstones.set(id, { kind, id, seq: ++account.head, gone: true });
  }
  for (const { id } of ops) {
    if (!account.conversations.delete(id)) continue;
    for (const message of account.messages.values())
      if (message.conversation === id) account.messages.delete(message.id);
  }
  const losers = new Set<string>();
  for (const { id } of ops) {
    const message = account.messages.get(id);
    if (message === undefined) continue;
    account.messages.delete(id);
    losers.add(message.conversation);
  }
  for (const loser of [...losers].sort()) touch(account, loser);
}

function touch(account: Account, conversation: string): void {
  const stored = account.conversations.get(conversation);
  if (stored !== undefined) stored.seq = ++account.head;
}

function writeConversations(account: Account, ops: ConversationOp[], now: number): void {
  const fresh = ops.filter((op) => !account.conversations.has(op.id));
  for (const { id, set } of ops) {
    const stored = account.conversations.get(id);
    if (stored === undefined) continue;
    const title = set.title !== undefined && set.title[1] > stored.clocks.title ? set.title : null;
    const trashed = set.trashed !== undefined && set.trashed[1] > stored.clocks.trashed ? set.trashed : null;
    if (title === null && trashed === null) continue;
    stored.seq = ++account.head;
    if (title !== null) [stored.title, stored.clocks.title] = title;
    if (trashed !== null) {
      [stored.trashed, stored.clocks.trashed] = trashed;
      stored.trashedAt = stored.trashed ? (stored.trashedAt ?? now) : null;
    }
  }
  for (const { id, set } of fresh) {
    const seq = ++account.head;
    const [title, titleClock] = set.title ?? ['', never];
    const [trashed, trashedClock] = set.trashed ?? [false, never];
    const clocks = { title: titleClock, trashed: trashedClock };
    const trashedAt = trashed ? now : null;
    account.conversations.set(id, { id, seq, title, trashed, clocks, trashedAt, firstSeq: seq, createdAt: now });
  }
}

function writeTexts(account: Account, ops: MessageOp[]): void {
  const previews = new Map<string, string>();
  const edited = ops.flatMap(({ id, set }) => {
    const stored = account.messages.get(id);
    if (stored === undefined || set.text === undefined || set.text[1] <= stored.clocks.text) return [];
    if (newestMessage(account, stored.conversation) === stored) previews.set(id, previewOf(stored.text));
    stored.seq = ++account.head;
    [stored.text, stored.clocks.text] = set.text;
    return [stored];
  });
  for (const { id, conversation, text } of edited) {
    const before = previews.get(id);
    if (before !== undefined && before !== previewOf(text)) touch(account, conversation);
  }
}

function addMessages(account: Account, ops: MessageOp[], now: number): void {
  const gained = new Map<string, Clock | null>();
  for (const { id, origin, made, set } of ops) {
    if (set.text === undefined) continue;
    const [text, clock] = set.text;
    const pos = ++account.head;
    account.messages.set(id, { id, seq: pos, origin, ...made, text, clocks: { text: clock }, pos, at: now });
    if (origin === 'live' && !account.used.has(id)) account.used.set(id, made.role);
    const awake = gained.get(made.conversation) ?? null;
    gained.delete(made.conversation);
    gained.set(made.conversation, made.role === 'user' && clock > (awake ?? '') ? clock : awake);
  }
  for (const [conversation, awake] of gained) {
    touch(account, conversation);
    const stored = account.conversations.get(conversation);
    if (stored === undefined || awake === null || awake <= stored.clocks.trashed) continue;
    stored.clocks.trashed = awake;
    stored.trashed = false;
    stored.trashedAt = null;
  }
}
