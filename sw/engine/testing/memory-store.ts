import type { EntityRecords, SyncState } from '../../../contract/database.ts';
import { entityStores } from '../../../contract/database.ts';
import type { Kind } from '../../../contract/entities.ts';
import { protocolVersion } from '../../../contract/wire.ts';
import type { Store, Stored } from '../ports.ts';

const names = ['state', 'conversations', 'messages', 'outbox', 'tombstones', 'drafts', 'quarantine'] as const;
type StoreName = (typeof names)[number];
type Contents = Record<StoreName, Map<string, unknown>>;

/** A failure of storage on purpose. */
export class StorageFailure extends Error {}

export interface MemoryStore extends Store {
  /** Makes the next change fail as it is to commit, as if the worker had been killed there. */
  failNextCommit(): void;
  /** How many changes were committed. */
  commits(): number;
}

function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

function newState(device: string): SyncState {
  return {
    key: 'sync',
    device,
    protocol: protocolVersion,
    epoch: null,
    cursor: null,
    offset: null,
    serverTime: null,
    seen: null,
    fixed: null,
    lastSynced: null,
    nextDue: 0,
    policy: null,
    problem: null,
    nextOrder: 1,
  };
}

/** An account's database in memory, with transactions that happen wholly or not at all, one after the other. */
export function memoryStore(device: string): MemoryStore {
  let contents = Object.fromEntries(names.map((name) => [name, new Map()])) as Contents;
  contents.state.set('sync', newState(device));
  let turn: Promise<unknown> = Promise.resolve();
  let failNext = false;
  let commits = 0;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    database: `memory-${device}`,
    isStorageFailure: (error) => error instanceof StorageFailure,
    failNextCommit() {
      failNext = true;
    },
    commits: () => commits,
    read: (work) => inTurn(() => work(storedIn(contents))),
    change: (_durability, work) =>
      inTurn(async () => {
        const draft = Object.fromEntries(names.map((name) => [name, new Map(contents[name])])) as Contents;
        const result = await work(storedIn(draft));
        if (failNext) {
          failNext = false;
          throw new StorageFailure('the commit was made to fail');
        }
        contents = draft;
        commits += 1;
        return result;
      }),
  };
}

function storedIn(contents: Contents): Stored {
  const all = <T>(name: StoreName) => [...contents[name].values()].map((value) => copy(value as T));
  const several = <T>(name: StoreName, keys: Iterable<string>) =>
    new Map(
      [...new Set(keys)]
        .filter((key) => contents[name].has(key))
        .map((key) => [key, copy(contents[name].get(key) as T)] as const),
    );
  const put = (name: StoreName, key: string, value: unknown) => void contents[name].set(key, copy(value));
  const messages = (conversation: string) =>
    all<EntityRecords['message']>('messages')
      .filter((message) => message.conversation === conversation)
      .sort((a, b) => a.rank - b.rank);
  return {
    state: async () => copy(contents.state.get('sync') as SyncState),
    putState: (state) => put('state', 'sync', state),
    entity: async <K extends Kind>(kind: K, id: string) =>
      copy(contents[entityStores[kind]].get(id) as EntityRecords[K] | undefined),
    entities: async (kind, ids) => several(entityStores[kind], ids),
    everyEntity: async (kind) => all(entityStores[kind]),
    putEntity: (record) => put(entityStores[record.kind], record.id, record),
    removeEntity: (kind, id) => void contents[entityStores[kind]].delete(id),
    messagesOf: async (conversation) => messages(conversation),
    lastMessageRank: async (conversation) => {
      const all = [...contents.messages.values()] as EntityRecords['message'][];
      const ranks = all.filter((message) => message.conversation === conversation).map(({ rank }) => rank);
      return ranks.length === 0 ? null : ranks.reduce((a, b) => Math.max(a, b));
    },
    outbox: async () => all<{ order: number }>('outbox').sort((a, b) => a.order - b.order) as never,
    outboxEntries: async (ids) => several('outbox', ids),
    putOutbox: (entry) => put('outbox', entry.id, entry),
    removeOutbox: (id) => void contents.outbox.delete(id),
    tombstones: async (ids) => several('tombstones', ids),
    everyTombstone: async () => all('tombstones'),
    putTombstone: (tombstone) => put('tombstones', tombstone.id, tombstone),
    draft: async (conversation) => copy(contents.drafts.get(conversation) as never),
    everyDraft: async () => all('drafts'),
    putDraft: (draft) => put('drafts', draft.conversation, draft),
    removeDraft: (conversation) => void contents.drafts.delete(conversation),
    putQuarantined: (row) => put('quarantine', row.id, row),
  };
}
