/** A way to ask the database. */
export type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

export interface Column {
  name: string;
  type: string;
  nullable: boolean;
  about: string;
}

export interface Table {
  name: string;
  about: string;
  /** How it is split, null if it is not. */
  partitioned: string | null;
  columns: Column[];
  key: string[];
  /** Tables that a foreign key points to. */
  parents: string[];
  indexes: string[];
}

export interface Callable {
  signature: string;
  about: string;
  role: string;
}

const tables = `select c.oid::int as oid, c.relname as name, obj_description(c.oid, 'pg_class') as about,
    pg_get_partkeydef(c.oid) as partitioned
  from pg_class c
  where c.relnamespace = 'atlas'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname`;
const columns = (oid: number) => `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable, coalesce(col_description(a.attrelid, a.attnum), '') as about
  from pg_attribute a where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`;
const key = (oid: number) => `select a.attname as name
  from pg_constraint c cross join unnest(c.conkey) with ordinality as k (attnum, nth)
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
  where c.conrelid = ${oid} and c.contype = 'p' order by k.nth`;
const parents = (oid: number) => `select distinct c.confrelid::regclass::text as name
  from pg_constraint c where c.conrelid = ${oid} and c.contype = 'f' order by 1`;
const indexes = (oid: number) => `select regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') as said
  from pg_index i where i.indrelid = ${oid} and not i.indisprimary order by 1`;
const callables = `select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as about, r.rolname as role
  from pg_proc p join pg_roles r on r.rolname in ('authenticated', 'service_role')
  where p.pronamespace = 'public'::regnamespace and p.proowner::regrole::text in ('project_owner', 'atlas_api')
    and has_function_privilege(r.oid, p.oid, 'execute')
  order by 3, 1`;

const names = (rows: Record<string, unknown>[]) => rows.map((row) => String(row.name));

/** Every table of ours, partitions left out, with what its comments say. */
export async function readTables(ask: Ask): Promise<Table[]> {
  const found: Table[] = [];
  for (const { oid, name, about, partitioned } of await ask(tables)) {
    found.push({
      name: String(name),
      about: String(about ?? ''),
      partitioned: partitioned === null ? null : String(partitioned),
      columns: (await ask(columns(Number(oid)))) as unknown as Column[],
      key: names(await ask(key(Number(oid)))),
      parents: names(await ask(parents(Number(oid)))).map((parent) => parent.replace(/^atlas\./, '')),
      indexes: (await ask(indexes(Number(oid)))).map((row) => String(row.said)),
    });
  }
  return found;
}

/** The functions that clients and the operator can call. */
export async function readCallables(ask: Ask): Promise<Callable[]> {
  return (await ask(callables)) as unknown as Callable[];
}
