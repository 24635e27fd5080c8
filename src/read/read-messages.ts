import type { ConversationRecord, MessageRecord } from '../../contract/database.ts';
import { idMs } from '../../contract/ids.ts';
import { seenFields } from '../../contract/overlay.ts';
import { isSettled } from '../../contract/paged-message.ts';
import { type MessageState, stateOfMessage } from '../conversation/message-state.ts';
import type { AccountDatabase } from './open-database.ts';
import { readHistory } from './read-history.ts';

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
  /** Before those on this device there are some that are only on the server. */
  away: boolean;
}

/** The newest messages of a conversation, `most` of them, oldest first. */
export async function readMessages(
  database: AccountDatabase,
  conversation: string,
  most: number,
): Promise<ShownMessages> {
  const reading = database.transaction(['messages', 'pages', 'outbox', 'conversations']);
  const [{ records, older }, home] = await Promise.all([
    readHistory(reading, conversation, most),
    reading.objectStore('conversations').get(conversation),
  ]);
  const outbox = reading.objectStore('outbox');
  const entries = await Promise.all(records.map((record) => (isSettled(record) ? undefined : outbox.get(record.id))));
  return {
    messages: records.map((record, i) => ({
      ...shownMessage(record),
      state: stateOfMessage(record.base !== null, entries[i]?.state),
      refusal: entries[i]?.refusal ?? null,
    })),
    older,
    away: !older && isAway(home, records[0]),
  };
}

/** Whether there are messages before the oldest one here. */
function isAway(home: ConversationRecord | undefined, oldest: MessageRecord | undefined): boolean {
  const { floor, leavable = 0 } = home ?? {};
  return floor !== undefined || ((oldest?.base?.pos ?? Number.POSITIVE_INFINITY) > leavable && leavable > 0);
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

/** The message that a new one would follow, also where that has left this device; null where there is none. */
export async function readNewestMessage(database: AccountDatabase, conversation: string): Promise<string | null> {
  const reading = database.transaction(['messages', 'pages', 'conversations']);
  const [{ records }, home] = await Promise.all([
    readHistory(reading, conversation, 1),
    reading.objectStore('conversations').get(conversation),
  ]);
  const { floor = 0, newest } = home ?? {};
  const here = records.find(({ rank }) => rank > floor) ?? (newest === undefined ? records[0] : undefined);
  return here?.id ?? newest ?? null;
}
