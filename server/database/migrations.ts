import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, Refusal } from '../refusal.ts';
import type { Database, Transaction } from './database.ts';

interface Migration {
  version: string;
  name: string;
  path: string;
}

/** Applies what is pending of a folder of migrations, each whole or not at all, noted as the Supabase CLI notes it. */
export async function applyMigrations(database: Database, folder: string): Promise<Refusal | null> {
  const migrations = await listMigrations(folder);
  const unknown = await unknownVersion(database, migrations);
  if (unknown !== null) {
    const sentence = `${database.name} was written by a newer Atlas (migration ${unknown}): update Atlas.`;
    return new Refusal('newer', sentence);
  }
  for (const migration of migrations) {
    const sql = await readFile(migration.path, 'utf8');
    try {
      await database.inTransaction((transaction) => apply(transaction, migration, sql));
    } catch (error) {
      if (!(error instanceof Error) || errorCode(error) === null) throw error;
      const sentence = `The migration ${migration.version} could not be applied to ${database.name}: ${error.message}.`;
      return new Refusal('migration', sentence);
    }
  }
  return null;
}

async function listMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).sort();
  return files.flatMap((file) => {
    const [, version, name] = /^(\d+)_(.*)\.sql$/.exec(file) ?? [];
    return version === undefined || name === undefined ? [] : [{ version, name, path: join(folder, file) }];
  });
}

async function unknownVersion(database: Database, migrations: Migration[]): Promise<string | null> {
  let unknown: string | null = null;
  await database.inTransaction(async (transaction) => {
    await transaction.script('select pg_advisory_xact_lock(4321, 2)');
    const tables = await transaction.query(`select to_regclass('supabase_migrations.schema_migrations') as name`, []);
    if (tables[0]?.name === null) {
      await transaction.script(`
        create schema if not exists supabase_migrations;
        create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);`);
    }
    const applied = await transaction.query('select version from supabase_migrations.schema_migrations order by 1', []);
    const known = new Set(migrations.map((migration) => migration.version));
    unknown = applied.map((row) => String(row.version)).find((version) => !known.has(version)) ?? null;
  });
  return unknown;
}

async function apply(transaction: Transaction, { version, name }: Migration, sql: string): Promise<void> {
  // Several servers may start on one database at once.
  await transaction.script('select pg_advisory_xact_lock(4321, 2)');
  const known = 'select 1 from supabase_migrations.schema_migrations where version = $1';
  if ((await transaction.query(known, [version])).length > 0) return;
  await transaction.script(sql);
  await transaction.query(
    'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, array[$3::text])',
    [version, name, sql],
  );
}
