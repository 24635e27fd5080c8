import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge } from './device.ts';

/** Nobody reaches what is not theirs, by any way in. */
export function access(open: () => Database): void {
  const tables = async () =>
    (
      await open().look(
        `select relname as name from pg_class where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p')`,
      )
    ).map((row) => String(row.name));
  const denied = 'permission denied';

  async function twoUsers() {
    const [ada, ben] = [await open().signUp(), await open().signUp()];
    const [a, b] = [newDevice(open().asUser(ada)), newDevice(open().asUser(ben))];
    const [plans, hello] = [id(), id()];
    await a.sync();
    await b.sync();
    await a.sync([conversation(plans), message(plans, 'Private', { id: hello })]);
    return { ada, ben, a, b, plans, hello };
  }

  describe('without an account', () => {
    test('nobody can sync, set a tier or read a table', async () => {
      const anon = open().asAnon();
      await expect(anon.sync({})).rejects.toThrow(denied);
      await expect(anon.query(`select public.set_tier('a@example.com', 'studio')`)).rejects.toThrow(denied);
      await expect(anon.query(`select public.set_default_tier('studio')`)).rejects.toThrow(denied);
      for (const table of await tables()) {
        await expect(anon.query(`select from atlas.${table}`), table).rejects.toThrow(denied);
      }
    });
  });

  describe('with an account', () => {
    test('nobody reaches a table, only sync', async () => {
      const user = open().asUser(await open().signUp());
      for (const table of await tables()) {
        await expect(user.query(`select from atlas.${table}`), table).rejects.toThrow(denied);
        await expect(user.query(`delete from atlas.${table}`), table).rejects.toThrow(denied);
        await expect(user.query(`truncate atlas.${table}`), table).rejects.toThrow(denied);
      }
    });

    test('nobody gives himself a tier', async () => {
      const user = open().asUser(await open().signUp('greedy@example.com'));
      await expect(user.query(`select public.set_tier('greedy@example.com', 'studio')`)).rejects.toThrow(denied);
      await expect(user.query(`select public.set_default_tier('studio')`)).rejects.toThrow(denied);
      await expect(user.query(`select atlas.open_account()`)).rejects.toThrow(denied);
    });

    test('the functions behind sync are closed', async () => {
      const { ada, ben } = await twoUsers();
      const user = open().asUser(ben);
      await expect(user.query(`select atlas.pull($1, 10, 10, '[]', null)`, [ada])).rejects.toThrow(denied);
      await expect(user.query(`select atlas.push($1, '[]', 10)`, [ada])).rejects.toThrow(denied);
    });

    test('nobody sees, changes or takes over what is another’s, knowing its id', async () => {
      const { a, b, plans, hello } = await twoUsers();
      const before = new Map(a.rows);
      expect((await b.send([message(plans, 'Let me in')])).results).toMatchObject([{ code: 'no-conversation' }]);
      const { results } = await b.send([
        conversation(plans, { title: 'Mine now' }),
        message(plans, 'Written over', { id: hello }),
      ]);
      expect(results).toMatchObject([{ is: 'stored' }, { is: 'stored' }]);
      await b.sync([purge('conversation', plans)]);
      await a.sync();
      expect(a.rows).toEqual(before);
      expect(b.rows.size).toBe(0);
      a.cursor = null;
      a.rows.clear();
      await a.sync();
      expect(a.rows).toEqual(before);
    });
  });

  describe('a mistake in sync', () => {
    async function asSyncRole<T>(
      claims: object | null,
      work: (query: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
    ) {
      const user = claims === null ? '' : JSON.stringify(claims);
      return open().hold('', async (session) => {
        await session.script('reset role');
        await session.query(
          `select set_config('request.jwt.claims', $1, true), set_config('role', 'atlas_api', true)`,
          [user],
        );
        return work((sql) => session.query(sql));
      });
    }
    const own = ['profiles', 'heads', 'conversations', 'messages', 'devices'];

    test('could not show another user’s rows', async () => {
      const { ben } = await twoUsers();
      await asSyncRole({ sub: ben }, async (query) => {
        for (const table of own) {
          const [others] = await query(`select count(*)::int as n from atlas.${table} where user_id <> '${ben}'`);
          expect(others, table).toEqual({ n: 0 });
        }
      });
      await asSyncRole(null, async (query) => {
        for (const table of own) expect(await query(`select from atlas.${table}`), table).toEqual([]);
      });
    });

    test('could not write another user’s rows', async () => {
      const { ada, ben, plans } = await twoUsers();
      await asSyncRole({ sub: ben }, async (query) => {
        expect(await query(`update atlas.conversations set title = 'x' where id = '${plans}' returning id`)).toEqual(
          [],
        );
        expect(await query(`delete from atlas.messages where user_id = '${ada}' returning id`)).toEqual([]);
        expect(await query(`update atlas.heads set seq = 99 where user_id = '${ada}' returning seq`)).toEqual([]);
      });
      await expect(
        asSyncRole({ sub: ben }, (query) =>
          query(
            `insert into atlas.tombstones (user_id, id, kind, seq) values ('${ada}', gen_random_uuid(), 'message', 99)`,
          ),
        ),
      ).rejects.toThrow('row-level security');
      await expect(
        asSyncRole({ sub: ben }, (query) => query(`update atlas.profiles set tier = 'studio'`)),
      ).rejects.toThrow(denied);
      await expect(asSyncRole({ sub: ben }, (query) => query('delete from atlas.tombstones'))).rejects.toThrow(denied);
    });

    test('runs as a role that nobody logs in with and that no row level security spares', async () => {
      const [role] = await open().look(
        `select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'atlas_api'`,
      );
      expect(role).toEqual({ rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false });
      const [sync] = await open().look(
        `select proowner::regrole::text as owner, prosecdef from pg_proc where oid = 'public.sync(json)'::regprocedure`,
      );
      expect(sync).toEqual({ owner: 'atlas_api', prosecdef: true });
      const [creates] = await open().look(
        `select has_schema_privilege('atlas_api', 'public', 'create') as public, has_schema_privilege('atlas_api', 'atlas', 'create') as atlas`,
      );
      expect(creates).toEqual({ public: false, atlas: false });
    });
  });

  describe('by construction', () => {
    test('row level security is on and forced on every table', async () => {
      const open_tables = await open().look(
        `select relname from pg_class where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p')
         and not (relrowsecurity and relforcerowsecurity)`,
      );
      expect(open_tables).toEqual([]);
      expect((await tables()).length).toBeGreaterThanOrEqual(9);
    });

    test('granting every table to everyone, as an embedded server does, shows nothing', async () => {
      const { ben } = await twoUsers();
      await open().hold(ben, async (session) => {
        await session.script(`reset role;
          grant usage on schema atlas to authenticated; grant all on all tables in schema atlas to authenticated;
          set local role authenticated`);
        for (const table of await tablesOf(session)) {
          expect(await session.query(`select from atlas.${table}`), table).toEqual([]);
        }
        await session.script(`reset role;
          revoke all on all tables in schema atlas from authenticated; revoke usage on schema atlas from authenticated`);
      });
    });

    test('no function of ours is open to everyone, and those that act for their owner name every schema', async () => {
      const functions = `from pg_proc p where p.pronamespace = 'atlas'::regnamespace
        or p.pronamespace = 'public'::regnamespace and p.proowner in ('project_owner'::regrole, 'atlas_api'::regrole)`;
      const reachable = await open().look(
        `select p.proname, r.name from unnest(array['anon', 'authenticated', 'service_role']) r (name)
         cross join lateral (select p.oid, p.proname ${functions}) p
         where has_function_privilege(r.name, p.oid, 'execute') order by 1, 2`,
      );
      expect(reachable).toEqual([
        { proname: 'delete_account', name: 'authenticated' },
        { proname: 'digest', name: 'authenticated' },
        { proname: 'erase_account', name: 'service_role' },
        { proname: 'export_account', name: 'authenticated' },
        { proname: 'history', name: 'authenticated' },
        { proname: 'left_sign_ins', name: 'service_role' },
        { proname: 'open_epoch', name: 'service_role' },
        { proname: 'remove_subscription', name: 'authenticated' },
        { proname: 'save_subscription', name: 'authenticated' },
        { proname: 'set_default_tier', name: 'service_role' },
        { proname: 'set_status', name: 'service_role' },
        { proname: 'set_tier', name: 'service_role' },
        { proname: 'sync', name: 'authenticated' },
      ]);
      const loose = await open().look(
        `select p.proname from (select p.* ${functions}) p where p.prosecdef and not coalesce(p.proconfig, '{}') @> array['search_path=""']`,
      );
      expect(loose).toEqual([]);
    });

    test('every table and function says what it is for', async () => {
      const silent = await open().look(
        `select relname as name from pg_class where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p')
           and obj_description(oid, 'pg_class') is null
         union all
         select proname from pg_proc where (pronamespace = 'atlas'::regnamespace or proowner = 'project_owner'::regrole
           or proowner = 'atlas_api'::regrole) and obj_description(oid, 'pg_proc') is null`,
      );
      expect(silent).toEqual([]);
    });
  });
}

async function tablesOf(session: { query(sql: string): Promise<Record<string, unknown>[]> }): Promise<string[]> {
  const rows = await session.query(
    `select relname as name from pg_class where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p')`,
  );
  return rows.map((row) => String(row.name));
}
