import type { DBSchema } from 'idb';
import type { Clock } from './clock.ts';
import type { FieldName, Fields, Kind, Made, Row } from './entities.ts';
import type { Cursor, Origin, Policy } from './wire.ts';

/**
 * What is stored on the device. Only the worker writes; the page opens a database after the worker named it, and reads.
 * One registry says which account is in use; each account, and nobody, has a database of its own.
 */
export const registryName = 'atlas';
export const registryVersion = 1;
export const accountVersion = 1;

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

export interface ConversationRecord extends EntityRecord<'conversation'> {
  /** Its place in the list, highest first; absent in the trash. */
  rank?: number;
  /** Its place in the trash, highest first; absent outside. */
  trashRank?: number;
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

/** Each kind of entity is stored in one store. */
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
  | 'storage';

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

/** One record per account database: where sync stands. */
export interface SyncState {
  key: 'sync';
  device: string;
  protocol: number;
  epoch: string | null;
  cursor: Cursor | null;
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
}

export interface AccountSchema extends DBSchema {
  state: { key: 'sync'; value: SyncState };
  conversations: { key: string; value: ConversationRecord; indexes: { rank: number; trashRank: number } };
  messages: { key: string; value: MessageRecord; indexes: { place: [conversation: string, rank: number] } };
  outbox: { key: string; value: OutboxEntry; indexes: { order: number } };
  tombstones: { key: string; value: TombstoneRecord };
  drafts: { key: string; value: DraftRecord };
  quarantine: { key: string; value: QuarantinedRow };
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
