import { errorCode, Refusal } from '../refusal.ts';
import type { Database } from './database.ts';
import { connectPostgres } from './postgres-connection.ts';

/**
 * A PostgreSQL server of the operator's. The embedded Supabase makes there what it needs: the schemas auth and
 * supabase_migrations, and the roles anon, authenticated and service_role. Nothing is granted but by the migrations.
 */
export async function connectOperators(url: string): Promise<Database | Refusal> {
  const { hostname, host, pathname } = new URL(url);
  if (/(^|\.)supabase\.(co|com|in|net)$/.test(hostname)) {
    const sentence =
      'DATABASE_URL names a hosted Supabase project, which has a sign-in service of its own: build with VITE_SUPABASE_URL instead.';
    return new Refusal('hosted', sentence);
  }
  const name = `PostgreSQL at ${host}${pathname}`;
  const database = connectPostgres(url, name, async () => undefined, true);
  try {
    await database.check();
    return database;
  } catch (error) {
    await database.stop();
    const code = errorCode(error);
    if (code === null || !(error instanceof Error)) throw error;
    return new Refusal('database', `The database of DATABASE_URL cannot be used: ${error.message || code} (${name}).`);
  }
}
