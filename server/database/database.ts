import type { Connection } from '@supabase/lite';

export type Row = Record<string, unknown>;

/** Statements that run together or not at all. */
export interface Transaction {
  /** Any number of statements, without parameters. */
  script(sql: string): Promise<void>;
  query(sql: string, parameters: (string | number)[]): Promise<Row[]>;
}

/** The PostgreSQL in use, whichever it is. */
export interface Database {
  /** What it is and where, for people. */
  readonly name: string;
  /** The embedded Supabase's way to it. */
  readonly connection: Connection;
  inTransaction(work: (transaction: Transaction) => Promise<void>): Promise<void>;
  /** Resolves while it answers. */
  check(): Promise<void>;
  stop(): Promise<void>;
}
