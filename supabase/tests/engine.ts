/** A PostgreSQL to test on: one in this process, or a server of its own. */
export interface Engine {
  /** Runs the work in one transaction, by the superuser. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Session {
  query(sql: string, values?: (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** Any number of statements. */
  script(sql: string): Promise<void>;
}
