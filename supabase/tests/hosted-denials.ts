import { describe, expect, test } from 'vitest';
import type { Caller, Database } from './database.ts';
import { id, newDevice } from './device.ts';

const roles = ['anon', 'authenticated', 'service_role'];

/** Every door that is to be shut, tried: those there are now and those that a later migration may open. */
export function denials(open: () => Database): void {
  const denied = /permission denied|must be owner/;

  async function callers(): Promise<[who: string, Caller][]> {
    const user = await open().signUp();
    return [
      ['somebody without an account', open().asAnon()],
      ['somebody with one', open().asUser(user)],
      ['the service role', open().asService()],
    ];
  }

  /** Our functions in a schema, as calls whose arguments are all null. */
  async function callsIn(schema: string, more = ''): Promise<string[]> {
    const functions = await open().look(
      `select format('select %I.%I(%s)', n.nspname, p.proname, (
         select string_agg(format('null::%s', format_type(a.type, null)), ', ' order by a.place)
         from unnest(p.proargtypes) with ordinality as a (type, place))) as call
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = '${schema}' and p.prokind = 'f' and pg_get_userbyid(p.proowner) in ('project_owner', 'atlas_api')
         and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype) ${more}
       order by 1`,
    );
    expect(functions.length).toBeGreaterThan(0);
    return functions.map((row) => String(row.call));
  }

  describe('nobody of the API', () => {
    test('calls a function behind the ones meant for him', async () => {
      const calls = await callsIn('atlas');
      for (const [who, caller] of await callers()) {
        for (const call of calls) await expect(caller.query(call), `${who}: ${call}`).rejects.toThrow(denied);
      }
    });

    test('has any right on a table, a partition, a view or a sequence of ours', async () => {
      const rights = await open().look(
        `select c.relname, r.name as role from pg_class c, unnest(array['${roles.join("', '")}']) as r (name)
         where c.relnamespace = 'atlas'::regnamespace and (
           c.relkind in ('r', 'p', 'v', 'm') and (
             has_table_privilege(r.name, c.oid, 'select, insert, update, delete, truncate, references, trigger')
             or has_any_column_privilege(r.name, c.oid, 'select, insert, update, references'))
           or c.relkind = 'S' and has_sequence_privilege(r.name, c.oid, 'usage, select, update'))`,
      );
      expect(rights).toEqual([]);
      const schemas = await open().look(
        `select r.name from unnest(array['${roles.join("', '")}']) as r (name)
         where has_schema_privilege(r.name, 'atlas', 'usage, create')`,
      );
      expect(schemas).toEqual([]);
    });

    test('reads a partition by its name', async () => {
      const partitions = await open().look(
        `select relname from pg_class where relnamespace = 'atlas'::regnamespace and relispartition and relkind = 'r'`,
      );
      for (const [who, caller] of await callers()) {
        for (const { relname } of partitions) {
          await expect(caller.query(`select from atlas.${relname}`), `${who}: ${relname}`).rejects.toThrow(denied);
        }
      }
    });

    test('finds a table, a view or a sequence of ours where the API looks', async () => {
      const exposed = await open().look(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S', 'f')`,
      );
      expect(exposed).toEqual([]);
    });

    test('makes something of his own in our schemas, or changes what is ours', async () => {
      for (const [who, caller] of await callers()) {
        for (const statement of [
          'create table atlas.mine (id int)',
          'create function atlas.mine() returns int language sql as $$ select 1 $$',
          'alter table atlas.messages disable row level security',
          'drop policy "sync handles its user\'s messages" on atlas.messages',
          'create policy mine on atlas.messages using (true)',
          'grant atlas_api to authenticated',
        ]) {
          await expect(caller.query(statement), `${who}: ${statement}`).rejects.toThrow();
        }
      }
    });
  });

  describe('without an account', () => {
    test('nobody calls any function of ours', async () => {
      for (const call of await callsIn('public')) {
        await expect(open().asAnon().query(call), call).rejects.toThrow(denied);
      }
    });
  });

  describe('with an account', () => {
    test('nobody calls a function of the service', async () => {
      const calls = await callsIn(
        'public',
        `and has_function_privilege('service_role', p.oid, 'execute') and not has_function_privilege('authenticated', p.oid, 'execute')`,
      );
      const user = open().asUser(await open().signUp());
      for (const call of calls) await expect(user.query(call), call).rejects.toThrow(denied);
    });

    test('that was deleted, nothing is answered but that it is gone', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      await open().deleteAccount(user);
      expect(await open().asUser(user).sync(device.request())).toMatchObject({ status: 410, body: { code: 'gone' } });
    });
  });

  describe('claims', () => {
    test.each<[string, string]>([
      ['are missing', ''],
      ['are empty', '{}'],
      ['name nobody', '{"sub":null,"role":"authenticated"}'],
      ['name an empty user', '{"sub":"","role":"authenticated"}'],
      ['name somebody who is no user', '{"sub":"admin","role":"authenticated"}'],
      ['name a list of users', '{"sub":["00000000-0000-0000-0000-000000000000"]}'],
    ])('that %s are nobody’s', async (_, claims) => {
      const request = { v: 1, device: 'testdevice01', epoch: null, cursor: null, ops: [], limit: 1 };
      const body = await open().hold('', async (session) => {
        await session.query(`select set_config('request.jwt.claims', $1, true)`, [claims]);
        const [row] = await session.query('select public.sync($1::text::json)::text as body', [
          JSON.stringify({ request }),
        ]);
        return JSON.parse(String(row?.body));
      });
      expect(body).toMatchObject({ is: 'refused', code: 'auth' });
    });

    test('of somebody who never was are answered as a deleted account, and make none', async () => {
      const device = newDevice(open().asUser(id()));
      expect(await open().asUser(crypto.randomUUID()).sync(device.request())).toMatchObject({ status: 410 });
    });
  });

  test('the service role does not sync for anybody', async () => {
    const device = newDevice(open().asService());
    await expect(open().asService().sync(device.request())).rejects.toThrow(denied);
  });
}
