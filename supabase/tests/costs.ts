import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';
import type { Session } from './engine.ts';

/** What a request costs however long the history is: `npm run bench:db` measures it, this keeps it. */
export function costs(open: () => Database): void {
  async function account() {
    const user = await open().signUp();
    const [writer, reader] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
    await writer.sync();
    await reader.sync();
    const plans = id();
    await writer.sync([conversation(plans)]);
    await reader.sync();
    return { user, writer, reader, plans };
  }
  /** With plans that the session has made already: what it locked for that is let go. */
  async function warmed(session: Session, sync: () => Promise<unknown>): Promise<void> {
    await session.script('savepoint warming');
    for (let i = 0; i < 3; i++) await sync();
    await session.script('rollback to savepoint warming');
  }

  describe('a request', () => {
    test('with nothing to say touches six pages at most', async () => {
      const { user, reader } = await account();
      const body = JSON.stringify({ request: reader.request() });
      await open().hold(user, async (session, sync) => {
        await warmed(session, () => sync(reader.request()));
        const plan = await session.query(
          `explain (analyze, buffers, costs off, timing off) select public.sync('${body}'::json)`,
        );
        const said = plan.map((row) => String(row['QUERY PLAN'])).join('\n');
        const [, hit] = /Buffers: shared hit=(\d+)/.exec(said) ?? [];
        expect(Number(hit), said).toBeLessThanOrEqual(6);
        expect(said).not.toMatch(/dirtied|written/);
      });
    });

    test('that writes one new message touches eighty pages and locks sixteen relations at most', async () => {
      const { user, writer, plans } = await account();
      await open().hold(user, async (session, sync) => {
        // Whom to tell of it is left to the caller, as our server has it.
        await session.query(`select set_config('atlas.pokes', 'caller', true)`);
        await warmed(session, () => sync(writer.request([message(plans, 'New')])));
        const body = JSON.stringify({ request: writer.request([message(plans, 'New')]) });
        const plan = await session.query(
          `explain (analyze, buffers, costs off, timing off) select public.sync('${body}'::json)`,
        );
        const said = plan.map((row) => String(row['QUERY PLAN'])).join('\n');
        const [, hit] = /Buffers: shared hit=(\d+)/.exec(said) ?? [];
        expect(Number(hit), said).toBeLessThanOrEqual(80);
        await session.script('reset role');
        const locked = await session.query(
          `select distinct l.relation::regclass::text as name from pg_locks l
           where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384`,
        );
        expect(locked.length, locked.map((row) => row.name).join(' ')).toBeLessThanOrEqual(16);
      });
    });

    test('that brings one new message locks sixteen relations at most', async () => {
      const { user, writer, reader, plans } = await account();
      await writer.sync([message(plans, 'New')]);
      await open().hold(user, async (session, sync) => {
        await warmed(session, () => sync(reader.request()));
        const { body } = await sync(reader.request());
        expect((body as { changes: unknown[] }).changes.length).toBe(2);
        await session.script('reset role');
        const locked = await session.query(
          `select l.relation::regclass::text as name from pg_locks l
           where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384`,
        );
        expect(locked.length, locked.map((row) => row.name).join(' ')).toBeLessThanOrEqual(16);
      });
    });
  });
}
