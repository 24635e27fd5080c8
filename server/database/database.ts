import type { Connection } from '@supabase/lite';

export type Row = Record<string, unknown>;

/** Statements that run together or not at all. */
export interface Transaction {
  /** Any number of statements, without parameters. */
  script(sql: string): Promise<void>;
  query(sql: string, parameters: (string | number | null)[]): Promise<Row[]>;
}

/** What a function of the API answered. */
export interface Called {
  status: number;
  /** JSON as the database wrote it. */
  body: string;
  /** What the user's devices are to be told of it, null where nothing changed. */
  poke: string | null;
}

/** The PostgreSQL in use, whichever it is. */
export interface Database {
  /** What it is and where, for people. */
  readonly name: string;
  /** The embedded Supabase's way to it. */
  readonly connection: Connection;
  /** Whether other servers may work on it as well. */
  readonly shared: boolean;
  /** How many calls of sync can run side by side; more wait. */
  readonly lanes: number;
  inTransaction(work: (transaction: Transaction) => Promise<void>): Promise<void>;
  /**
   * Calls public.sync as the user of these claims, in one statement. Both are JSON: what a verified token claims, and a
   * body with the one key `request`. What PostgreSQL refuses is thrown with its code.
   */
  callSync(claims: string, body: string): Promise<Called>;
  /** Work of the embedded Supabase; nothing else runs in between where there is only one connection. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Hears what is notified on this channel, from when it resolves until the end. `missed`: it could not hear for a while. */
  listen(channel: string, hear: (said: string) => void, missed: () => void): Promise<void>;
  /** Resolves while it answers. */
  check(): Promise<void>;
  stop(): Promise<void>;
}
