import * as v from 'valibot';
import type { Database, Row } from '../database/database.ts';
import type { SyncMeter } from '../sync/sync-meter.ts';
import { repeat } from './repeat.ts';

const hourMs = 3_600_000;
const loadMs = 10_000;
/** The rest follows the next time. */
const piecesMost = 1_000;

/** Starts what the database wants done regularly, as far as it has the functions for it; what comes back stops it. */
export async function startDatabaseTimers(database: Database, meter: SyncMeter): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  if (await hasFunction(database, 'atlas.maintain()')) {
    stops.push(repeat(hourMs, 'Maintenance of the database failed', (ended) => maintain(database, ended)));
  }
  if (await hasFunction(database, 'atlas.note_load(integer, integer, double precision)')) {
    stops.push(repeat(loadMs, 'The load could not be noted', () => noteLoad(database, meter)));
  }
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}

async function hasFunction(database: Database, signature: string): Promise<boolean> {
  const row = await queryOne(database, 'select to_regprocedure($1) is not null as there', [signature]);
  return row.there === true;
}

/** A piece at a call, so that nobody waits long for what a piece has locked. */
async function maintain(database: Database, ended: AbortSignal): Promise<void> {
  for (let pieces = 0; pieces < piecesMost && !ended.aborted; pieces++) {
    const { done } = await queryOne(database, 'select atlas.maintain() as done', []);
    if (!v.is(v.object({ more: v.literal(true) }), done)) return;
  }
}

/** Tells the database how near it is to its limits: the lanes of sync or its connections, whichever are scarcer. */
async function noteLoad(database: Database, meter: SyncMeter): Promise<void> {
  const { use, medianMs } = meter.read();
  const found = await queryOne(database, connectionsInUse, []);
  const [inUse, most] = [Number(found.in_use), Number(found.most)];
  const [part, whole] = use > inUse / most ? [Math.round(use * 1_000), 1_000] : [inUse, most];
  await queryOne(database, 'select atlas.note_load($1, $2, $3)', [part, whole, medianMs]);
}

const connectionsInUse = `
  select count(*)::int as in_use,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most
  from pg_catalog.pg_stat_activity where backend_type = 'client backend'`;

async function queryOne(database: Database, sql: string, parameters: (string | number | null)[]): Promise<Row> {
  let rows: Row[] = [];
  await database.inTransaction(async (transaction) => {
    rows = await transaction.query(sql, parameters);
  });
  return rows[0] ?? {};
}
