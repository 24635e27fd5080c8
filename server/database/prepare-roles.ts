import { errorCode, Refusal } from '../refusal.ts';
import type { Database } from './database.ts';

/** The roles every Supabase project has; made before migrations name them. */
export async function prepareRoles(database: Database): Promise<Refusal | null> {
  try {
    await database.inTransaction((transaction) => transaction.script(roles));
    return null;
  } catch (error) {
    if (!(error instanceof Error) || errorCode(error) !== '42501') throw error;
    const sentence = `The user of DATABASE_URL may not prepare ${database.name} (${error.message}): take a superuser.`;
    return new Refusal('database', sentence);
  }
}

const roles = `
  do $$
  declare
    wanted text;
  begin
    perform pg_advisory_xact_lock(4321, 1);
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin noinherit %s', wanted,
          case wanted when 'service_role' then 'bypassrls' else '' end);
      end if;
      if not pg_has_role(current_user, wanted, 'member') then
        execute format('grant %I to %I', wanted, current_user);
      end if;
    end loop;
  end
  $$;`;
