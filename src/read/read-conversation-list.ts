import { type ConversationRecord, type MessageRecord, type OutboxEntry, unsentRank } from '../../contract/database.ts';
import { idMs } from '../../contract/ids.ts';
import { seenFields } from '../../contract/overlay.ts';
import type { AccountDatabase } from './open-database.ts';

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
  const transaction = database.transaction(['conversations', 'messages', 'outbox']);
  const byRank = transaction.objectStore('conversations').index('rank');
  const entries = transaction.objectStore('outbox').getAll();

  const records: ConversationRecord[] = [];
  const reading: Promise<[newest: MessageRecord | undefined, unsent: string[]]>[] = [];
  let cursor = await byRank.openCursor(null, 'prev');
  while (cursor && records.length < most) {
    const id = cursor.value.id;
    const places = transaction.objectStore('messages').index('place');
    records.push(cursor.value);
    reading.push(
      Promise.all([
        places
          .openCursor(IDBKeyRange.bound([id, Number.NEGATIVE_INFINITY], [id, Number.POSITIVE_INFINITY]), 'prev')
          .then((newest) => newest?.value),
        places.getAllKeys(IDBKeyRange.bound([id, unsentRank], [id, Number.POSITIVE_INFINITY])),
      ]),
    );
    cursor = await cursor.continue();
  }
  const outbox = new Map((await entries).map((entry) => [entry.id, entry]));
  const facts = await Promise.all(reading);
  return {
    conversations: records.map((record, i) => listed(record, facts[i]?.[0], facts[i]?.[1] ?? [], outbox)),
    more: cursor !== null,
  };
}

function listed(
  record: ConversationRecord,
  newest: MessageRecord | undefined,
  unsent: string[],
  outbox: ReadonlyMap<string, OutboxEntry>,
): ListedConversation {
  const states = unsent.flatMap((id) => outbox.get(id)?.state ?? []);
  // The server may know of newer messages than have come here.
  const here = newest !== undefined && newest.rank >= (record.base?.activity ?? 0) ? newest : undefined;
  return {
    id: record.id,
    title: seenFields(record).title ?? '',
    preview: (here ? seenFields(here).text : record.base?.preview) ?? '',
    at: (here ? (here.savedAt ?? here.base?.at) : record.base?.at) ?? idMs(record.id),
    waiting: states.filter((state) => state !== 'refused').length,
    refused: states.includes('refused') || outbox.get(record.id)?.state === 'refused',
  };
}
