import type { Called, Row } from './database.ts';

/**
 * One statement and so one transaction and one way there and back: claims and role first (a case decides in order), then
 * the call, and outside of it, when it has run, the status it set and whom to tell of it: a notification within the
 * transaction would make pushes wait for each other. All these settings end with the statement.
 */
export const syncStatement = `
  select s.body, current_setting('response.status', true) as status, current_setting('atlas.poke', true) as poke
  from (
    select case
      when set_config('request.jwt.claims', $1, true) is not null and set_config('role', 'authenticated', true) is not null
        and set_config('atlas.pokes', 'caller', true) is not null
      then public.sync($2::text::json)::text
    end as body
  ) s`;

/** Who prepares that statement is the server's own user, so whether users may call the function is asked beforehand. */
export const maySync = `select has_function_privilege('authenticated', 'public.sync(json)', 'execute') as allowed`;

/** The answer in a row of that statement. */
export function calledSync(row: Row | undefined): Called {
  const { body, status, poke } = row ?? {};
  if (typeof body !== 'string') throw new Error('public.sync answered nothing');
  return {
    body,
    status: typeof status === 'string' && status !== '' ? Number(status) : 200,
    poke: typeof poke === 'string' && poke !== '' ? poke : null,
  };
}
