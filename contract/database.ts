import type { DBSchema } from 'idb';
import type { Clock } from './clock.ts';
import type { FieldName, Fields, Kind, Made, Row } from './entities.ts';
import type { Cursor, CycleReport, Origin, Policy } from './wire.ts';

/**
 * What is stored on the device. Only the worker writes; the page opens a database after the worker named it, and reads.
 * One registry says which account is in use; each account, and nobody, has a database of its own.
 */
export const registryName = 'atlas';
export const registryVersion = 1;
export const accountVersion = 2;

/** When a field was written, kept until its clock is fixed at the first sending. */
export interface Written {
  /** The device's own time. */
  device: number;
  /** The latest server time known then. */
  server: number | null;
  /** The highest clock seen then. */
  seen: Clock | null;
  /** Its place among everything written on this device. */
  order: number;
}

/** A value written here that lies over the base until the server's answer is at or above its clock. */
export interface LocalField<Value> {
  value: Value;
  /** null until it is first sent. */
  clock: Clock | null;
  written: Written;
}

export type LocalFields<K extends Kind> = { [F in FieldName<K>]?: LocalField<Fields<K>[F]> };

/** An entity on this device: what the server said, and over it what was written here. */
export interface EntityRecord<K extends Kind = Kind> {
  kind: K;
  id: string;
  made: Made<K>;
  base: Row<K> | null;
  local: LocalFields<K>;
}

/** Rank of what the server does not know yet: above every seq, in order of writing. */
export const unsentRank = 2 ** 52;
/** Above every seq and at or below every unsent rank: what is offered again after a restore stands before what was waiting. */
export const unsentFrom = 2 ** 51;

export interface ConversationRecord extends EntityRecord<'conversation'> {
  /** Its place in the list, highest first; absent in the trash. */
  rank?: number;
  /** Its place in the trash, highest first; absent outside. */
  trashRank?: number;
  /** Messages at or below this pos are on the server only, but for those held here; absent while there are none. */
  floor?: number;
  /**
   * Messages at or below this pos may leave the device. If none of them is here, they have left: so they can go by being
   * deleted, which works where there is no room to write anything.
   */
  leavable?: number;
  /** The newest message when they last could leave: what is written next follows it, also when none is here. */
  newest?: string;
  /** Server time at which messages that had left were last brought back. */
  opened?: number;
}

export interface MessageRecord extends EntityRecord<'message'> {
  conversation: string;
  /** Its place in the conversation: pos, or unsentRank and up in order of writing. */
  rank: number;
  /** When it was written here; absent for what came from elsewhere. */
  savedAt?: number;
  /** When the server's answer came. */
  sentAt?: number;
}

/** A message in a page of history: what the server said, and when it was written here. */
export type PagedMessage = Row<'message'> & Pick<MessageRecord, 'savedAt' | 'sentAt'>;

/**
 * Some fifty messages of one conversation that have no local fields, in order of pos. Pages of a conversation do not overlap;
 * a message is either in one page or in `messages`.
 */
export interface PageRecord {
  conversation: string;
  /** pos of its last message and of its first: in this order in the key, which alone then says whether it can have a place. */
  last: number;
  first: number;
  messages: PagedMessage[];
  /** The end of each id as a number, to find it by: half the cost of whole ids. Others may end the same. */
  idEnds: number[];
}

/** Where the records of each kind are; most messages are in `pages` instead. */
export const entityStores = { conversation: 'conversations', message: 'messages' } as const satisfies Record<
  Kind,
  string
>;
export interface EntityRecords {
  conversation: ConversationRecord;
  message: MessageRecord;
}

/** waiting → sending → (applied: the entry goes) or waiting again, unconfirmed (no answer came), refused. */
export type DeliveryState = 'waiting' | 'sending' | 'unconfirmed' | 'refused';

/** One entity that has something to send. */
export interface OutboxEntry {
  id: string;
  kind: Kind;
  /** Order of writing. */
  order: number;
  origin: Origin;
  state: DeliveryState;
  /** The entity is to be gone for good. */
  purge?: true;
  attempts: number;
  /** Why it was refused. */
  refusal?: string;
  /** How often the server's result for it could not be read. */
  unreadable?: number;
}

/** Something is gone for good; a row that comes in for it is not applied. `seq` null until the server said so. */
export interface TombstoneRecord {
  id: string;
  kind: Kind;
  seq: number | null;
}

/** Text typed and not sent, per conversation; `new` is the conversation that is still to come. */
export interface DraftRecord {
  conversation: string;
  text: string;
  /** The page it was typed in: with what is sent from there it goes, whatever it holds. */
  page?: string;
  /** What other pages had kept before, latest first: shows again when this one has gone. */
  behind?: { text: string; page?: string }[];
}

/** A row that did not pass validation: kept, not applied. */
export interface QuarantinedRow {
  id: string;
  row: unknown;
  at: number;
  /** The life of the server in which it came. */
  epoch?: string;
}

/** Why the last cycle failed, until one succeeds. */
export type ProblemCode =
  | 'network'
  | 'server'
  | 'throttled'
  | 'signed-out'
  | 'tier'
  | 'account-gone'
  | 'too-old'
  | 'refused'
  | 'invalid-answer'
  | 'storage'
  /** The server was put back to a backup again and again while it was asked. */
  | 'restored';

export interface Problem {
  code: ProblemCode;
  /** Device time of the failure. */
  at: number;
  /** Failures in a row. */
  failures: number;
  /** How many of them were of each kind: the wait grows with those of its own kind only. */
  ofKind?: Partial<Record<ProblemCode, number>>;
  /** Device time before which the server asked not to be disturbed. */
  notBefore?: number;
}

/** Triggers of one kind that wait for more of the same. */
export interface Gathering {
  /** When the first came. */
  first: number;
  /** When they are served. */
  due: number;
  /** How many came. */
  count: number;
}

/** A server that failed often in a row is left alone for a while. */
export interface Breaker {
  /** Failures in a row. */
  failures: number;
  /** Device time until which nothing is asked; null while it is closed. */
  openUntil: number | null;
}

/** What was measured of the way to the server. */
export interface MeasuredNetwork {
  /** Milliseconds that a small request takes. */
  latency: number;
  /** Bytes of an answer per millisecond; null until one was large enough to tell. */
  rate: number | null;
  /** Bytes that an entity takes in an answer. */
  rowBytes: number;
  /** Requests in a row that ran into their deadline. */
  timeouts: number;
}

/** One cycle, as the log of syncs has it. */
export interface LoggedCycle extends CycleReport {
  /** Device time it began. */
  at: number;
  priority: 'high' | 'medium' | 'low';
  requests: number;
}

/** One record per account database: where sync stands. */
export interface SyncState {
  key: 'sync';
  device: string;
  protocol: number;
  epoch: string | null;
  cursor: Cursor | null;
  /** The seq that the first sync walked down from: of what was purged before, it heard nothing. Absent if nobody knows. */
  began?: number;
  /** Server time minus device time; null before the first answer. */
  offset: number | null;
  /** The latest server time heard. */
  serverTime: number | null;
  /** The highest clock seen or fixed. */
  seen: Clock | null;
  /** The last clock this device fixed. */
  fixed: Clock | null;
  /** Device time of the last cycle that left nothing to pull. */
  lastSynced: number | null;
  /** Device time before which no cycle runs by itself. */
  nextDue: number;
  policy: Policy | null;
  problem: Problem | null;
  /** The next order of writing. */
  nextOrder: number;
  /** What the version knew that last went through what was set aside. */
  knows?: string;
  /** Where looking for what has become cold goes on, and the server time it is due again. */
  cold?: { after: number; due: number };
  /** What waits for more of its kind, by trigger. */
  gathered?: Record<string, Gathering>;
  breaker?: Breaker;
  network?: MeasuredNetwork;
  /** Whether entries may be marked as being sent; absent if nobody knows. */
  sending?: boolean;
  /** Cycles in the log so far: the key of the last one. */
  logged?: number;
  /** The key of the last one that the server was told of. */
  reported?: number;
}

export type PageKey = [conversation: string, last: number, first: number];

export interface AccountSchema extends DBSchema {
  state: { key: 'sync'; value: SyncState };
  conversations: { key: string; value: ConversationRecord; indexes: { rank: number; trashRank: number } };
  messages: { key: string; value: MessageRecord; indexes: { place: [conversation: string, rank: number] } };
  pages: { key: PageKey; value: PageRecord; indexes: { idEnds: number } };
  outbox: { key: string; value: OutboxEntry; indexes: { order: number; state: [kind: Kind, state: DeliveryState] } };
  tombstones: { key: string; value: TombstoneRecord };
  drafts: { key: string; value: DraftRecord };
  quarantine: { key: string; value: QuarantinedRow };
  /** The latest cycles, by their number. */
  syncLog: { key: number; value: LoggedCycle };
}

/** An account known to this browser; `user` null is nobody. */
export interface AccountRecord {
  database: string;
  user: { id: string; email: string } | null;
  /** Was nobody's; its rows are on their way into this database. */
  into?: string;
}

/** What supabase-js gave at sign-in; refreshed by the worker alone. */
export interface SessionRecord {
  user: { id: string; email: string };
  accessToken: string;
  refreshToken: string;
  /** Seconds since 1970, by the server's clock. */
  expiresAt: number;
}

export interface RegistrySchema extends DBSchema {
  accounts: { key: string; value: AccountRecord; indexes: { user: string } };
  settings: {
    key: 'current' | 'session' | 'config';
    value:
      | { key: 'current'; database: string }
      | { key: 'session'; session: SessionRecord }
      | { key: 'config'; supabaseUrl: string; publishableKey: string };
  };
}
