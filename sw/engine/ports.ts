import type {
  ConversationRecord,
  DraftRecord,
  EntityRecords,
  MessageRecord,
  OutboxEntry,
  QuarantinedRow,
  SyncState,
  TombstoneRecord,
} from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import type { RandomBytes } from '../../contract/ids.ts';
import type { Answer, SyncRequest } from '../../contract/wire.ts';

/** The device's own time, which may be wrong by years. */
export interface Time {
  now(): number;
}

/** Randomness: identifiers, and fractions for jitter. */
export interface Random extends RandomBytes {
  /** At least 0, below 1. */
  fraction(): number;
}

export type AnyRecord = EntityRecords[Kind];

/**
 * One open transaction over an account's database. Reads see what was put before in the same transaction. Whoever holds
 * it must wait for nothing but its own reads: anything else would let the transaction end early.
 */
export interface Stored {
  state(): Promise<SyncState>;
  putState(state: SyncState): void;

  entity<K extends Kind>(kind: K, id: string): Promise<EntityRecords[K] | undefined>;
  entities<K extends Kind>(kind: K, ids: Iterable<string>): Promise<Map<string, EntityRecords[K]>>;
  everyEntity<K extends Kind>(kind: K): Promise<EntityRecords[K][]>;
  putEntity(record: ConversationRecord | MessageRecord): void;
  removeEntity(kind: Kind, id: string): void;
  messagesOf(conversation: string): Promise<MessageRecord[]>;
  /** The rank of the conversation's last message, null while it has none here. */
  lastMessageRank(conversation: string): Promise<number | null>;

  /** Entries in order of writing. */
  outbox(): Promise<OutboxEntry[]>;
  outboxEntries(ids: Iterable<string>): Promise<Map<string, OutboxEntry>>;
  putOutbox(entry: OutboxEntry): void;
  removeOutbox(id: string): void;

  tombstones(ids: Iterable<string>): Promise<Map<string, TombstoneRecord>>;
  everyTombstone(): Promise<TombstoneRecord[]>;
  putTombstone(tombstone: TombstoneRecord): void;

  draft(conversation: DraftRecord['conversation']): Promise<DraftRecord | undefined>;
  everyDraft(): Promise<DraftRecord[]>;
  putDraft(draft: DraftRecord): void;
  removeDraft(conversation: DraftRecord['conversation']): void;
  putQuarantined(row: QuarantinedRow): void;
}

/** `strict` for what a person wrote, `relaxed` for what can be pulled again. */
export type Durability = 'strict' | 'relaxed';

/** The database of one account on this device. */
export interface Store {
  /** Its name, by which pages open it. */
  readonly database: string;
  read<T>(work: (stored: Stored) => Promise<T>): Promise<T>;
  /** All of `work` is stored when this resolves, nothing of it when it rejects. */
  change<T>(durability: Durability, work: (stored: Stored) => Promise<T>): Promise<T>;
  /** Whether this was thrown because storage failed (a full disk, a database taken away), not because of a bug. */
  isStorageFailure(error: unknown): boolean;
}

/** What became of one request. */
export type Sent =
  | { is: 'answered'; answer: Answer; at: number }
  /** The server said no to all of it and processed nothing. */
  | { is: 'refused'; status: number; code: string; retryAfter: number | null }
  /** It may or may not have reached the server; `lost` where it is likely that it did. */
  | { is: 'no-answer'; lost: boolean }
  /** An answer came that this version cannot read. */
  | { is: 'unreadable' }
  /** Nothing was sent: nobody, or somebody else, is signed in. */
  | { is: 'signed-out' };

/** The server, for one account; it gives up at a deadline of its own. */
export interface Server {
  /** Must send as `user` or not at all. `serverTime` is what the time there is thought to be. */
  sync(request: SyncRequest, user: string, serverTime: number | null): Promise<Sent>;
}

/** Where the engine tells pages what to read again. */
export interface Tell {
  changed(conversations: Iterable<string>, all?: true): void;
  syncing(active: boolean): void;
}
