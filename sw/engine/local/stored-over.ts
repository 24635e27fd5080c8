import { type EntityRecords, entityStores, type MessageRecord } from '../../../contract/database.ts';
import type { Kind } from '../../../contract/entities.ts';
import { after, type Bounds } from '../../../contract/key-ranges.ts';
import type { Stored } from '../ports.ts';
import { newestSent } from './leaving.ts';
import { messagesIn } from './messages.ts';
import { removeSeveral, several, type Tables } from './tables.ts';

/** What the engine works with in one open transaction; `settled` must be waited for before that is let go. */
export interface Settling {
  stored: Stored;
  settled(): Promise<void>;
}

type Found<K extends Kind> = Promise<EntityRecords[K] | undefined>;
type FoundMany<K extends Kind> = Promise<Map<string, EntityRecords[K]>>;

const ordersAfter = (order: number): Bounds => ({ lower: order, upper: Number.POSITIVE_INFINITY, lowerOpen: true });

/** An account's database as the engine knows it, over the stores of one open transaction. */
export function storedOver(tables: Tables): Settling {
  const messages = messagesIn(tables);
  // One at a time: two that rewrote the same page together would each undo what the other did.
  let turn: Promise<unknown> = Promise.resolve();
  let failure: { error: unknown } | null = null;
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch((error: unknown) => {
      failure ??= { error };
    });
    return mine;
  }
  /** Reading that waits for what was put, but for no other reading. */
  const afterTurn = <T>(work: () => Promise<T>): Promise<T> => turn.then(work);
  /** Work that nobody waits for; that it failed is said when all is settled. */
  function later(work: () => Promise<void>): void {
    inTurn(work).catch(() => undefined);
  }

  const stored: Stored = {
    async state() {
      const state = await tables.get('state', 'sync');
      if (state === undefined) throw new Error('the database has no sync state');
      return state;
    },
    putState: (state) => tables.put('state', state),

    entity: <K extends Kind>(kind: K, id: string) =>
      (kind === 'message' ? inTurn(() => messages.one(id)) : tables.get(entityStores[kind], id)) as Found<K>,
    entities: <K extends Kind>(kind: K, ids: Iterable<string>) =>
      (kind === 'message'
        ? inTurn(() => messages.named(ids))
        : several(tables, entityStores[kind], ids)) as FoundMany<K>,
    everyEntity: <K extends Kind>(kind: K) =>
      (kind === 'message' ? inTurn(() => messages.matching(() => true)) : tables.getAll(entityStores[kind])) as Promise<
        EntityRecords[K][]
      >,
    putEntity(record) {
      if (record.kind === 'message') later(() => messages.put([record]));
      else tables.put('conversations', record);
    },
    removeEntity(kind, id) {
      if (kind === 'message') later(() => messages.remove([id]));
      else tables.delete('conversations', id);
    },
    messagesOf: (conversation) => inTurn(() => messages.of(conversation)),
    lastUnsentRank: (conversation) => afterTurn(() => messages.lastUnsentRank(conversation)),
    knownMessages: (rows) => inTurn(() => messages.known(rows)),
    messagesThat: (passes: (record: MessageRecord) => boolean) => inTurn(() => messages.matching(passes)),
    putMessages: (records) => inTurn(() => messages.put(records)),
    removeMessages: (ids) => inTurn(() => messages.remove(ids)),
    removeMessagesOf: (conversation) => inTurn(() => messages.removeAllOf(conversation)),

    holdsUpTo: (conversation, pos) => inTurn(() => messages.holdsUpTo(conversation, pos)),
    newestSent: (conversation) => inTurn(() => newestSent(tables, conversation)),
    letAllGo: (conversation, upTo) => inTurn(() => messages.letAllGo(conversation, upTo)),
    conversationsAfter: (rank, most) =>
      tables.getAll('conversations', { index: 'rank', range: ordersAfter(rank), limit: most }),

    outbox: (after = Number.NEGATIVE_INFINITY, most) =>
      tables.getAll('outbox', {
        index: 'order',
        range: ordersAfter(after),
        ...(most === undefined ? {} : { limit: most }),
      }),
    anythingWaits: async () => (await tables.getAllKeys('outbox', { limit: 1 })).length > 0,
    outboxEntries: (ids) => several(tables, 'outbox', ids),
    putOutbox: (entry) => tables.put('outbox', entry),
    removeOutboxEntries: (ids) => removeSeveral(tables, 'outbox', ids),
    removeOutbox: (id) => tables.delete('outbox', id),

    tombstones: (ids) => several(tables, 'tombstones', ids),
    everyTombstone: () => tables.getAll('tombstones'),
    putTombstone: (tombstone) => tables.put('tombstones', tombstone),

    draft: (conversation) => tables.get('drafts', conversation),
    everyDraft: () => tables.getAll('drafts'),
    putDraft: (draft) => tables.put('drafts', draft),
    removeDraft: (conversation) => tables.delete('drafts', conversation),
    quarantined: (last, most) => tables.getAll('quarantine', { range: after(last), limit: most }),
    putQuarantined: (row) => tables.put('quarantine', row),
    removeQuarantined: (id) => tables.delete('quarantine', id),

    logged: (after, most) => tables.getAll('syncLog', { range: ordersAfter(after), limit: most }),
    putLogged: (number, cycle) => tables.put('syncLog', cycle, number),
    dropLogged: (upTo) => tables.delete('syncLog', { range: { lower: 0, upper: upTo } }),
  };
  return {
    stored,
    async settled() {
      await turn;
      if (failure !== null) throw failure.error;
    },
  };
}
