import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import { layStores, storeNames } from '../../contract/account-stores.ts';
import { makeClock } from '../../contract/clock.ts';
import {
  type AccountSchema,
  accountVersion,
  type ConversationRecord,
  type DeliveryState,
  type LocalField,
  type MessageRecord,
  type PageRecord,
  unsentRank,
} from '../../contract/database.ts';

const clock = makeClock(1, 0, 'abcdefabcdef');

/** An id that is easy to read. */
export function testId(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

function written<Value>(value: Value): LocalField<Value> {
  return { value, clock: null, written: { device: 1, server: null, seen: null, order: 1 } };
}

/** A conversation the server knows. */
export function syncedConversation(id: string, title: string, activity: number): ConversationRecord {
  const clocks = { title: clock, trashed: clock };
  const told = { activity, at: activity * 1_000, count: 1, preview: `preview of ${title}`, trashedAt: null };
  const base = { kind: 'conversation', id, seq: activity + 1, clocks, title, trashed: false, ...told } as const;
  return { kind: 'conversation', id, made: {}, base, local: {}, rank: activity };
}

/** A message the server knows. */
export function syncedMessage(id: string, conversation: string, text: string, pos: number): MessageRecord {
  const made = { conversation, role: 'user', parent: null, attempt: 0 } as const;
  const base = { kind: 'message', id, seq: pos, clocks: { text: clock }, ...made, text, pos, at: pos * 1_000 } as const;
  return { kind: 'message', id, made, base, local: {}, conversation, rank: pos };
}

/** A page of messages that the server knows, with these texts and places. */
export function page(conversation: string, texts: readonly [id: string, text: string, pos: number][]): PageRecord {
  const messages = texts.flatMap(([id, text, pos]) => syncedMessage(id, conversation, text, pos).base ?? []);
  const [last, first] = [messages.at(-1)?.pos ?? 0, messages[0]?.pos ?? 0];
  return { conversation, last, first, messages, idEnds: [] };
}

/** A message written here that the server does not know. */
export function unsentMessage(id: string, conversation: string, text: string, order: number): MessageRecord {
  const made = { conversation, role: 'user', parent: null, attempt: 0 } as const;
  const record = { kind: 'message', id, made, base: null, local: { text: written(text) }, conversation } as const;
  return { ...record, rank: unsentRank + order, savedAt: order };
}

let databases = 0;

/** An empty account database as the worker makes it, deleted after the test. */
export async function accountFixture() {
  databases += 1;
  const name = `account-fixture-${databases}`;
  const database: IDBPDatabase<AccountSchema> = await openDB<AccountSchema>(name, accountVersion, {
    upgrade: (made) => layStores(made, storeNames),
  });
  let order = 0;
  return {
    name,
    database,
    conversation: (record: ConversationRecord) => database.put('conversations', record),
    message: (record: MessageRecord) => database.put('messages', record),
    page: (record: PageRecord) => database.put('pages', record),
    async unsent(record: MessageRecord, state: DeliveryState) {
      order += 1;
      await database.put('messages', record);
      const home = await database.get('conversations', record.conversation);
      if (home) await database.put('conversations', { ...home, rank: Math.max(home.rank ?? 0, record.rank) });
      await database.put('outbox', { id: record.id, kind: 'message', order, origin: 'live', state, attempts: 0 });
    },
    async remove() {
      database.close();
      await deleteDB(name);
    },
  };
}
