import type { Database } from './database.ts';

/** A hash over every row of every table of ours. */
export async function stateOf(database: Database): Promise<string> {
  const tables = await database.look(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  const hashes = tables.map(
    ({ name }) => `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${name} t)`,
  );
  const [row] = await database.look(`select md5(concat(${hashes.join(', ')})) as hash`);
  return String(row?.hash);
}
