import { createPostgresConnection } from '@supabase/lite/postgres';
import type { TransactionSql } from 'postgres';
import type { Database, Row, Transaction } from './database.ts';
import { withoutGrants } from './without-grants.ts';

/** A JSON type whose values may come as text already: the embedded Supabase writes the arguments of functions itself. */
function json(oid: number) {
  return {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
}

/** A database over PostgreSQL's own protocol, native or an operator's. */
export function connectPostgres(url: string, name: string, stopped: () => Promise<void>): Database {
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      max: 10,
      connect_timeout: 10,
      onnotice: () => undefined,
      connection: { application_name: 'atlas' },
      types: { json: json(114), jsonb: json(3802) },
    },
  });
  const sql = connection.driver;
  return {
    name,
    connection: withoutGrants(connection),
    async inTransaction(work) {
      await sql.begin((transaction) => work(postgresTransaction(transaction)));
    },
    async check() {
      await sql`select 1`;
    },
    async stop() {
      await sql.end({ timeout: 2 });
      await stopped();
    },
  };
}

function postgresTransaction(transaction: TransactionSql): Transaction {
  return {
    async script(text) {
      await transaction.unsafe(text).simple();
    },
    async query(text, parameters) {
      return [...(await transaction.unsafe<Row[]>(text, parameters))];
    },
  };
}
