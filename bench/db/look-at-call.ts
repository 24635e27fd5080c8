import { claims } from './clients.ts';
import type { Sql } from './open-server.ts';

/** What a call touches in a session that is warm: plans and catalogs are at hand. */
export interface Touched {
  /** Pages of tables and indexes, everything nested included, that planning reads too. */
  buffers: number;
  /** Relations locked in the transaction, indexes too. */
  locks: number;
}

interface Explained {
  Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number };
}

/** Runs calls as the user under `explain (analyze, buffers)` and undoes what they did; sums over the calls. */
export async function lookAt(
  sql: Sql,
  user: string,
  calls: (attempt: number) => [expression: string, parameter: string | null][],
): Promise<Touched> {
  const session = await sql.reserve();
  try {
    let touched: Touched = { buffers: 0, locks: 0 };
    for (let attempt = 0; attempt < 10; attempt++) {
      await session`begin`;
      await session`
        select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims(user)}, true)`;
      touched = { buffers: 0, locks: 0 };
      for (const [expression, parameter] of calls(attempt)) {
        const explained = await session.unsafe<{ 'QUERY PLAN': Explained[] }[]>(
          `explain (analyze, buffers, format json) select ${expression}`,
          parameter === null ? [] : [parameter],
        );
        const plan = explained[0]?.['QUERY PLAN'][0]?.Plan;
        if (plan === undefined) throw new Error('nothing was explained');
        touched.buffers += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      }
      const [held] = await session<{ locks: number }[]>`
        select count(distinct l.relation)::integer as locks from pg_catalog.pg_locks l
        where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation <> 'pg_catalog.pg_locks'::regclass`;
      touched.locks = held?.locks ?? Number.NaN;
      await session`rollback`;
    }
    return touched;
  } finally {
    session.release();
  }
}
