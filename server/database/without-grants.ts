import type { Connection } from '@supabase/lite';

/**
 * Keeps the embedded Supabase from granting all tables to everybody at its first request: only what the migrations
 * grant counts, as on a hosted project. The roles it would make then are made by `prepare-roles.ts`.
 */
export function withoutGrants<C extends Connection>(connection: C): C {
  if (Reflect.get(connection, 'rlsState') !== 'unknown') {
    throw new Error('@supabase/lite no longer keeps rlsState: find out how it grants now.');
  }
  Reflect.set(connection, 'rlsState', 'active');
  return connection;
}
