import type { Sql } from './open-server.ts';

/** Makes the partitions that a service has after so many months, up to three months ahead. */
export async function coverMonths(sql: Sql, months: number): Promise<void> {
  await cover(sql, months, 3);
}

/** Leaves exactly so many monthly partitions; gives how many of them can hold a history, which begins in 2020 at the earliest. */
export async function leaveMonths(sql: Sql, wanted: number): Promise<number> {
  const [since] = await sql<{ months: number }[]>`
    select extract(year from age(atlas.this_month(), '2020-01-01'))::integer * 12
      + extract(month from age(atlas.this_month(), '2020-01-01'))::integer + 1 as months`;
  const past = Math.min(wanted, since?.months ?? 1);
  const ahead = wanted - past;
  await cover(sql, past, ahead);
  const others = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_catalog.pg_partition_tree('atlas.messages') t join pg_catalog.pg_class c on c.oid = t.relid
    where t.isleaf and c.relname not in (
      select atlas.month_table((atlas.this_month() + make_interval(months => n))::date)
      from generate_series(${1 - past}::integer, ${ahead}::integer) n)`;
  for (const { name } of others) await sql`drop table atlas.${sql(name)}`;
  const [left] = await sql<{ tables: number }[]>`
    select count(*)::integer as tables from pg_catalog.pg_partition_tree('atlas.messages') where isleaf`;
  if (left?.tables !== wanted) throw new Error(`${left?.tables} partitions instead of ${wanted}`);
  return past;
}

async function cover(sql: Sql, past: number, ahead: number): Promise<void> {
  await sql`
    select atlas.cover_months(
      (atlas.this_month() - make_interval(months => ${past - 1}))::date,
      (atlas.this_month() + make_interval(months => ${ahead}))::date)`;
}
