import type { MessageRecord } from '../../contract/database.ts';
import { idMs } from '../../contract/ids.ts';
import { seenFields } from '../../contract/overlay.ts';
import { type MessageState, stateOfMessage } from '../conversation/message-state.ts';
import type { AccountDatabase } from './open-database.ts';

/** A message as people see it. */
export interface ShownMessage {
  id: string;
  from: 'you' | 'atlas';
  text: string;
  at: number;
  state: MessageState;
  /** Why it was refused. */
  refusal: string | null;
  /** When it was stored on this device; null for what was written elsewhere. */
  savedAt: number | null;
  sentAt: number | null;
}

export interface ShownMessages {
  messages: ShownMessage[];
  /** There are older ones on this device. */
  older: boolean;
}

function placesOf(conversation: string): IDBKeyRange {
  return IDBKeyRange.bound([conversation, Number.NEGATIVE_INFINITY], [conversation, Number.POSITIVE_INFINITY]);
}

/** The newest messages of a conversation, `most` of them, oldest first. */
export async function readMessages(
  database: AccountDatabase,
  conversation: string,
  most: number,
): Promise<ShownMessages> {
  const transaction = database.transaction(['messages', 'outbox']);
  const places = transaction.objectStore('messages').index('place');
  const range = placesOf(conversation);
  const entries = transaction.objectStore('outbox').getAll();

  // getAll is faster than a cursor but knows no "last n": a key cursor finds where to begin.
  let oldest = await places.openKeyCursor(range, 'prev');
  if (oldest && most > 1) oldest = await oldest.advance(most - 1);
  const shown = oldest ? IDBKeyRange.bound(oldest.key, [conversation, Number.POSITIVE_INFINITY]) : range;
  const older = oldest ? (await oldest.continue()) !== null : false;
  const records = await places.getAll(shown);
  const outbox = new Map((await entries).map((entry) => [entry.id, entry]));
  return {
    messages: records.map((record) => {
      const entry = outbox.get(record.id);
      return {
        ...shownMessage(record),
        state: stateOfMessage(record.base !== null, entry?.state),
        refusal: entry?.refusal ?? null,
      };
    }),
    older,
  };
}

function shownMessage(record: MessageRecord): Omit<ShownMessage, 'state' | 'refusal'> {
  return {
    id: record.id,
    from: record.made.role === 'user' ? 'you' : 'atlas',
    text: seenFields(record).text ?? '',
    at: record.savedAt ?? record.base?.at ?? idMs(record.id),
    savedAt: record.savedAt ?? null,
    sentAt: record.sentAt ?? (record.savedAt === undefined ? (record.base?.at ?? null) : null),
  };
}

/** The message that a new one would follow; null where there is none. */
export async function readNewestMessage(database: AccountDatabase, conversation: string): Promise<string | null> {
  const newest = await database
    .transaction('messages')
    .store.index('place')
    .openKeyCursor(placesOf(conversation), 'prev');
  return newest?.primaryKey ?? null;
}
