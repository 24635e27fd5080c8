import { readFile } from 'node:fs/promises';
import type { Sql } from './open-server.ts';

/** Puts messages into one table, read as they would be then. Throws when what it replaces is not there: the comparison would be one with itself. */
export async function leaveNoPartitions(sql: Sql): Promise<void> {
  const before = await countFunctions(sql);
  await sql.unsafe(await readFile(new URL('./no-partitions.sql', import.meta.url), 'utf8')).simple();
  if ((await countFunctions(sql)) !== before)
    throw new Error('no-partitions.sql replaces a function that is not there');
  // Nobody would look up months then.
  const [page] = await sql<{ source: string }[]>`
    select pg_get_functiondef(oid) as source from pg_catalog.pg_proc where oid = 'atlas.page'::regproc`;
  const lookup = /select array_agg\(d\.month\) into months\s+from atlas\.months d where [^;]*;/;
  if (page === undefined || !lookup.test(page.source)) throw new Error('atlas.page does not look months up as it did');
  await sql.unsafe(page.source.replace(lookup, `months := array['-infinity'::date];`)).simple();
}

async function countFunctions(sql: Sql): Promise<number> {
  const [row] = await sql<{ functions: number }[]>`
    select count(*)::integer as functions from pg_catalog.pg_proc where pronamespace = 'atlas'::regnamespace`;
  return row?.functions ?? 0;
}
