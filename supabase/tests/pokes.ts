import { describe, expect, test } from 'vitest';
import { type Answered, type Database, migrations } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';
import type { Session } from './engine.ts';

/** Devices that listen hear of changes, their own user's only, and no sync ever fails for it. */
export function pokes(open: () => Database): void {
  async function account() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const plans = id();
    await device.sync([conversation(plans)]);
    await forget();
    return { user, device, plans };
  }
  const forget = () => open().look('delete from realtime.messages');
  const said = () =>
    open().look(`select topic, event, private, payload from realtime.messages order by inserted_at, payload ->> 'seq'`);
  const head = async (user: string) =>
    Number((await open().look('select seq from atlas.heads where user_id = $1', [user]))[0]?.seq);

  /** The topics of messages that this user would be let see of a channel. */
  function heard(user: string, topic: string) {
    return open().hold(user, async (session) => {
      await session.query(`select set_config('realtime.topic', $1, true)`, [topic]);
      return session.query('select distinct topic from realtime.messages');
    });
  }

  /** Does this in a project that is different in one way, which is undone. */
  function different(
    user: string,
    sql: string,
    work: (session: Session, sync: (request: unknown) => Promise<Answered>) => Promise<void>,
  ): Promise<void> {
    const undone = new Error('undone');
    return open()
      .hold(user, async (session, sync) => {
        await session.script('reset role');
        await session.script(sql);
        await work(session, sync);
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
  }

  describe('who listens', () => {
    test('hears of a change once, privately, with its seq and the device that wrote it', async () => {
      const { user, device, plans } = await account();
      await device.sync([message(plans, 'One'), message(plans, 'Two')]);
      const payload = { seq: await head(user), device: device.name };
      expect(await said()).toEqual([{ topic: `user:${user}`, event: 'poke', private: true, payload }]);
    });

    test('hears nothing of requests that change nothing', async () => {
      const { device, plans } = await account();
      await device.sync();
      const again = message(plans, 'Again');
      await device.sync([again]);
      await forget();
      await device.sync([again]);
      expect(await said()).toEqual([]);
    });

    test('hears once of a transaction at the prompt, whatever it changes, and of every user in it', async () => {
      const [ann, bob] = [await account(), await account()];
      await open().hold('', async (session) => {
        await session.script('reset role');
        for (const { user, plans } of [ann, ann, bob]) {
          await session.query(
            `insert into atlas.messages (user_id, id, conversation, role, text) values ($1, $2, $3, 'user', 'By hand')`,
            [user, id(), plans],
          );
        }
      });
      const told = await said();
      expect(told.map(({ topic }) => topic).sort()).toEqual([`user:${ann.user}`, `user:${bob.user}`].sort());
      expect(told.map(({ payload }) => payload)).toEqual([
        { seq: expect.any(Number), device: null },
        { seq: expect.any(Number), device: null },
      ]);
    });

    test('hears of another tier and of the end of the account, whatever he has', async () => {
      const { user } = await account();
      await open().look(`update atlas.profiles set tier = 'core' where user_id = $1`, [user]);
      expect(await said()).toMatchObject([{ topic: `user:${user}`, payload: { seq: null, device: null } }]);
      await forget();
      await open().deleteAccount(user);
      expect(await said()).toMatchObject([{ topic: `user:${user}`, payload: { seq: null, device: null } }]);
    });

    test('hears that the account is suspended, and that it is not any more', async () => {
      const { user } = await account();
      for (const status of ['suspended', 'active']) {
        await forget();
        await open().look('update atlas.profiles set status = $1 where user_id = $2', [status, user]);
        expect(await said()).toMatchObject([{ topic: `user:${user}`, payload: { seq: null, device: null } }]);
      }
    });

    test('hears nothing of what was undone', async () => {
      const { user, device, plans } = await account();
      await different('', 'select 1', async (session) => {
        await session.query(`update atlas.conversations set title = 'Undone' where user_id = $1`, [user]);
      });
      expect(await said()).toEqual([]);
      await device.sync([message(plans, 'Done')]);
      expect(await said()).toHaveLength(1);
    });

    test('is let into his own channel and no other', async () => {
      const [ann, bob] = [await account(), await account()];
      await ann.device.sync([message(ann.plans, 'Private')]);
      expect(await heard(ann.user, `user:${ann.user}`)).toEqual([{ topic: `user:${ann.user}` }]);
      expect(await heard(bob.user, `user:${ann.user}`)).toEqual([]);
      expect(await heard(ann.user, `user:${bob.user}`)).toEqual([]);
      expect(await heard(ann.user, '')).toEqual([]);
    });

    test('cannot send to anybody, nor have anybody told', async () => {
      const { user } = await account();
      const send = `select realtime.send('{}', 'poke', 'user:${user}', true)`;
      await expect(open().asUser(user).query(send)).rejects.toThrow('row-level security');
      for (const caller of [open().asUser(user), open().asAnon(), open().asService()]) {
        await expect(caller.query(`select atlas.poke('${user}', 1, null)`)).rejects.toThrow('permission denied');
      }
    });
  });

  describe('a sync', () => {
    test('is answered all the same when nobody can be told', async () => {
      const { user, device, plans } = await account();
      const broken = `
        create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
        returns void language plpgsql as $$ begin raise exception 'realtime is down'; end $$`;
      await different(user, broken, async (session, sync) => {
        await session.script('set local role authenticated');
        const { body } = await sync(device.request([message(plans, 'All the same')]));
        expect(body).toMatchObject({ is: 'synced', results: [{ is: 'stored' }] });
      });
    });

    test('hands what is to be told to a caller who passes it on, and tells nobody itself', async () => {
      const { user, device, plans } = await account();
      await open().hold(user, async (session, sync) => {
        await session.query(`select set_config('atlas.pokes', 'caller', true)`);
        await sync(device.request());
        expect((await session.query(`select current_setting('atlas.poke', true) as poke`))[0]?.poke ?? '').toBe('');
        await sync(device.request([message(plans, 'Passed on')]));
        const [row] = await session.query(`select current_setting('atlas.poke', true) as poke`);
        expect(JSON.parse(String(row?.poke))).toEqual({
          user,
          seq: expect.any(Number),
          device: device.name,
        });
      });
      expect(await said()).toEqual([]);
    });
  });

  describe('a project', () => {
    test.each([
      ['lets nobody say who may listen', 'revoke supabase_realtime_admin from project_owner'],
      ['has no realtime', 'drop schema realtime cascade'],
    ])('that %s takes the migration all the same', async (_why, sql) => {
      const migration = (await migrations()).find(({ name }) => name.endsWith('_pokes.sql'));
      const policy = /do \$\$.*?\$\$;/s.exec(migration?.sql ?? '')?.[0];
      await different(
        '',
        `drop policy "a user hears of changes to what is his" on realtime.messages; ${sql}`,
        async (session) => {
          await session.script(`set local role project_owner; ${policy}`);
          const [made] = await session.query(
            `select count(*)::int as policies from pg_policies where schemaname = 'realtime'`,
          );
          expect([policy === undefined, made?.policies]).toEqual([false, 0]);
        },
      );
    });
  });
}
