import { createPostgresConnection } from '@supabase/lite/postgres';
import postgres, { type TransactionSql } from 'postgres';
import type { Database, Row, Transaction } from './database.ts';
import { calledSync, syncStatement } from './sync-statement.ts';
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

/** Connections for sign-in and everything else that is rare. */
const others = 6;
/** Connections for sync: a few for each core keep it busy; more only wait for each other. */
const lanes = 10;
/** A device gives up sooner or later too, and then nobody wants the answer any more. */
const syncPatienceMs = 15_000;

/** A database over PostgreSQL's own protocol, native or an operator's: then `shared` with other servers, perhaps. */
export function connectPostgres(
  url: string,
  name: string,
  stopped: () => Promise<void>,
  shared: boolean = false,
): Database {
  const common = { connect_timeout: 10, onnotice: () => undefined };
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      ...common,
      max: others,
      connection: { application_name: 'atlas' },
      types: { json: json(114), jsonb: json(3802) },
    },
  });
  const sql = connection.driver;
  const forSync = {
    ...common,
    max: lanes,
    // Nobody's request is sent after another's on the same connection: it would wait for the other's locks.
    max_pipeline: 0,
    fetch_types: false,
    connection: { application_name: 'atlas sync', statement_timeout: syncPatienceMs },
  };
  const syncs = postgres(url, forSync);
  return {
    name,
    connection: withoutGrants(connection),
    shared,
    lanes,
    async inTransaction(work) {
      await sql.begin((transaction) => work(postgresTransaction(transaction)));
    },
    async callSync(claims, body) {
      const rows = await syncs.unsafe<Row[]>(syncStatement, [claims, body], { prepare: true });
      return calledSync(rows[0]);
    },
    inTurn: (work) => work(),
    async listen(channel, hear, missed) {
      let first = true;
      await sql.listen(channel, hear, () => {
        // The driver listens again by itself when its connection broke.
        if (!first) missed();
        first = false;
      });
    },
    async check() {
      await sql`select 1`;
    },
    async stop() {
      await Promise.all([sql.end({ timeout: 2 }), syncs.end({ timeout: 2 })]);
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
