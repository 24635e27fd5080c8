import type {
  ConversationRecord,
  DraftRecord,
  EntityRecords,
  LoggedCycle,
  MessageRecord,
  OutboxEntry,
  QuarantinedRow,
  SyncState,
  TombstoneRecord,
} from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import type { RandomBytes } from '../../contract/ids.ts';
import type { Answer, History, HistoryRequest, SyncRequest } from '../../contract/wire.ts';

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
  /** Those of these rows' messages that are here; cheaper than by id alone. */
  knownMessages(
    rows: readonly { id: string; conversation: string; pos: number }[],
  ): Promise<Map<string, MessageRecord>>;
  /** Every message that passes, in no order. */
  messagesThat(passes: (record: MessageRecord) => boolean): Promise<MessageRecord[]>;
  putMessages(records: readonly MessageRecord[]): Promise<void>;
  removeMessages(ids: Iterable<string>): Promise<void>;
  removeMessagesOf(conversation: string): Promise<void>;
  /** Whether any of its messages at or below that pos is here. */
  holdsUpTo(conversation: string, pos: number): Promise<boolean>;
  /** The newest message here that the server knows of. */
  newestSent(conversation: string): Promise<string | undefined>;
  /** Removes all that the server knows of, if it has it as it is here and at or below that pos, and writes nothing. */
  letAllGo(conversation: string, upTo: number): Promise<boolean>;
  /** Conversations of the list above that rank, the lowest first, at most so many. */
  conversationsAfter(rank: number, most: number): Promise<ConversationRecord[]>;
  /** The rank of the conversation's last unsent message, null while it has none. */
  lastUnsentRank(conversation: string): Promise<number | null>;

  /** Entries in order of writing; only those after that order, and no more than so many, where it says so. */
  outbox(after?: number, most?: number): Promise<OutboxEntry[]>;
  /** Whether the outbox has anything at all. */
  anythingWaits(): Promise<boolean>;
  outboxEntries(ids: Iterable<string>): Promise<Map<string, OutboxEntry>>;
  putOutbox(entry: OutboxEntry): void;
  removeOutbox(id: string): void;
  /** As removeOutbox, cheaper for many. */
  removeOutboxEntries(ids: Iterable<string>): Promise<void>;

  tombstones(ids: Iterable<string>): Promise<Map<string, TombstoneRecord>>;
  everyTombstone(): Promise<TombstoneRecord[]>;
  putTombstone(tombstone: TombstoneRecord): void;

  draft(conversation: DraftRecord['conversation']): Promise<DraftRecord | undefined>;
  everyDraft(): Promise<DraftRecord[]>;
  putDraft(draft: DraftRecord): void;
  removeDraft(conversation: DraftRecord['conversation']): void;
  /** Rows set aside whose ids come after that one, at most so many. */
  quarantined(after: string, most: number): Promise<QuarantinedRow[]>;
  putQuarantined(row: QuarantinedRow): void;
  removeQuarantined(id: string): void;

  /** Cycles after that number, oldest first, at most so many. */
  logged(after: number, most: number): Promise<LoggedCycle[]>;
  putLogged(number: number, cycle: LoggedCycle): void;
  /** Removes all up to that number. */
  dropLogged(upTo: number): void;
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

/** What a request took; bytes as they are before compression. */
export interface Took {
  ms: number;
  bytesUp: number;
  bytesDown: number;
}

/** What became of one request; `took` where one was made. */
export type Sent = Outcome & { took?: Took };

export type Outcome =
  | { is: 'answered'; answer: Answer; at: number }
  /** The server said no to all of it and processed nothing. */
  | { is: 'refused'; status: number; code: string; retryAfter: number | null }
  /** It may or may not have reached the server; `lost` where it is likely that it did, `late` where the deadline ended it. */
  | { is: 'no-answer'; lost: boolean; late?: true }
  /** An answer came that this version cannot read. */
  | { is: 'unreadable' }
  /** Nothing was sent: nobody, or somebody else, is signed in. */
  | { is: 'signed-out' };

/** Says that what was begun is not wanted any more. */
export interface Stop {
  readonly stopped: boolean;
  onStop(then: () => void): void;
}

/** How long a request may take, its answer included, and what ends it before. */
export interface Patience {
  deadlineMs: number;
  stop: Stop;
}

/** The server, for one account. */
export interface Server {
  /** Must send as `user` or not at all. `serverTime` is what the time there is thought to be. */
  sync(request: SyncRequest, user: string, serverTime: number | null, patience: Patience): Promise<Sent>;
}

/** What became of a request for history. */
export type HistorySent = { is: 'answered'; answer: History } | Exclude<Outcome, { is: 'answered' }>;

/** The server's history, for one account. */
export interface HistoryServer {
  /** Must send as `user` or not at all. */
  history(request: HistoryRequest, user: string, serverTime: number | null, patience: Patience): Promise<HistorySent>;
}

/** Where the engine tells pages what to read again. */
export interface Tell {
  changed(conversations: Iterable<string>, all?: true): void;
  syncing(active: boolean): void;
}
