import type { IDBPTransaction } from 'idb';
import {
  type AccountSchema,
  type ConversationRecord,
  type MessageRecord,
  unsentFrom,
} from '../../contract/database.ts';
import { idMs } from '../../contract/ids.ts';
import { refusedOf, unsentPlacesOf } from '../../contract/key-ranges.ts';
import { seenFields } from '../../contract/overlay.ts';
import { keyRange } from './key-range.ts';
import type { AccountDatabase } from './open-database.ts';
import { readLatest } from './read-latest.ts';

/** A conversation as the list shows it. */
export interface ListedConversation {
  id: string;
  title: string;
  preview: string;
  /** When something was last said in it. */
  at: number;
  /** Messages of it that wait to be sent. */
  waiting: number;
  /** Something of it was refused. */
  refused: boolean;
}

export interface ConversationList {
  conversations: ListedConversation[];
  more: boolean;
}

/** Up to `most` conversations, those with the newest messages first. */
export async function readConversationList(database: AccountDatabase, most: number): Promise<ConversationList> {
  const reading = database.transaction(['conversations', 'messages', 'outbox']);
  const [{ records, more }, refused] = await Promise.all([
    readLatest(reading.objectStore('conversations').index('rank'), null, most),
    readRefused(reading),
  ]);
  const listed = await Promise.all(
    records.map(async (record) => {
      // Its rank says whether anything of it is unsent.
      const unsent = (record.rank ?? 0) < unsentFrom ? nothing : await readUnsent(reading, record.id);
      return { ...shown(record, unsent, refused.get(record.id) ?? 0), refused: refused.has(record.id) };
    }),
  );
  return { conversations: listed.reverse(), more };
}

type Reading = IDBPTransaction<AccountSchema, ('conversations' | 'messages' | 'outbox')[]>;

/** How many messages of each conversation were refused; with the conversation's own refusal none is enough to be named. */
async function readRefused(reading: Reading): Promise<Map<string, number>> {
  const byState = reading.objectStore('outbox').index('state');
  const [conversations, messages] = await Promise.all([
    byState.getAllKeys(keyRange(refusedOf('conversation'))),
    byState.getAllKeys(keyRange(refusedOf('message'))),
  ]);
  const refused = new Map(conversations.map((id) => [id, 0]));
  for (const record of await Promise.all(messages.map((id) => reading.objectStore('messages').get(id)))) {
    if (record) refused.set(record.conversation, (refused.get(record.conversation) ?? 0) + 1);
  }
  return refused;
}

interface Unsent {
  count: number;
  newest: MessageRecord | null;
}
const nothing: Unsent = { count: 0, newest: null };

async function readUnsent(reading: Reading, conversation: string): Promise<Unsent> {
  const places = reading.objectStore('messages').index('place');
  const range = keyRange(unsentPlacesOf(conversation));
  const [count, { records }] = await Promise.all([places.count(range), readLatest(places, range, 1)]);
  return { count, newest: records[0] ?? null };
}

function shown(
  record: ConversationRecord,
  { count, newest }: Unsent,
  refused: number,
): Omit<ListedConversation, 'refused'> {
  return {
    id: record.id,
    title: seenFields(record).title ?? '',
    preview: (newest ? seenFields(newest).text : record.base?.preview) ?? '',
    at: newest?.savedAt ?? record.base?.at ?? idMs(record.id),
    waiting: count - refused,
  };
}
