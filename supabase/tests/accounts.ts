import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge } from './device.ts';

/** The account that existed before the migrations were applied. */
export const earlierAccount = 'earlier@example.com';

/** Accounts come and go with the sign-up, and their tier decides whether they sync. */
export function accounts(open: () => Database): void {
  const tierOf = async (email: string) =>
    (
      await open().look(
        'select p.tier from atlas.profiles p join auth.users u on u.id = p.user_id where u.email = $1',
        [email],
      )
    )[0]?.tier;
  const signUpOnDefault = (email: string) =>
    open().look('insert into auth.users (email) values ($1) returning id::text', [email]);

  describe('an account', () => {
    test('starts on the tier that the operator chose, free at first', async () => {
      await signUpOnDefault('free@example.com');
      expect(await tierOf('free@example.com')).toBe('free');
      await open().asService().query(`select public.set_default_tier('core')`);
      await signUpOnDefault('core@example.com');
      await open().asService().query(`select public.set_default_tier('free')`);
      expect(await tierOf('core@example.com')).toBe('core');
    });

    test('that was there before Atlas can be used', async () => {
      expect(await tierOf(earlierAccount)).toBe('free');
      await open().asService().query(`select public.set_tier($1, 'core')`, [earlierAccount]);
      const [user] = await open().look('select id::text from auth.users where email = $1', [earlierAccount]);
      const device = newDevice(open().asUser(String(user?.id)));
      await device.sync();
      await device.sync([conversation(id())]);
      expect(device.rows.size).toBe(1);
    });

    test('on a tier without sync is told so, and nothing is kept', async () => {
      const [user] = await signUpOnDefault('local@example.com');
      const device = newDevice(open().asUser(String(user?.id)));
      expect(
        await open()
          .asUser(String(user?.id))
          .sync(device.request([conversation(id())])),
      ).toMatchObject({
        status: 403,
        body: { is: 'refused', code: 'tier' },
      });
      const [kept] = await open().look('select count(*)::int as n from atlas.conversations where user_id = $1', [
        String(user?.id),
      ]);
      expect(kept).toEqual({ n: 0 });
    });

    test('hears its tier and interval with every answer', async () => {
      const user = await open().signUp('tiers@example.com');
      const device = newDevice(open().asUser(user));
      expect((await device.send()).policy).toEqual({ tier: 'studio', interval: 30, maxOps: 500, maxPull: 5_000 });
      await open().asService().query(`select public.set_tier('Tiers@Example.com', 'core')`);
      expect((await device.send()).policy).toMatchObject({ tier: 'core', interval: 60 });
    });

    test('that is suspended does not sync until the operator says otherwise, and keeps what it has', async () => {
      const user = await open().signUp('suspended@example.com');
      const device = newDevice(open().asUser(user));
      const plans = id();
      await device.sync();
      await device.sync([conversation(plans)]);
      const set = (status: string) =>
        open().asService().query('select public.set_status($1, $2) as done', ['Suspended@example.com', status]);
      expect(await set('suspended')).toEqual([{ done: true }]);
      for (const ops of [[], [conversation(id())], [message(plans, 'Hello')]]) {
        expect(await open().asUser(user).sync(device.request(ops))).toMatchObject({
          status: 403,
          body: { is: 'refused', code: 'tier', message: 'This account is suspended.' },
        });
      }
      await expect(set('banned')).rejects.toThrow('no such status');
      expect(
        await open().asService().query(`select public.set_status('nobody@example.com', 'active') as done`),
      ).toEqual([{ done: false }]);
      await set('active');
      await device.sync([message(plans, 'Hello')]);
      expect(device.rows.get(plans)).toMatchObject({ count: 1 });
    });

    test('nobody has is told to the operator, and so is a tier that there is not', async () => {
      const service = open().asService();
      expect(await service.query(`select public.set_tier('nobody@example.com', 'core') as done`)).toEqual([
        { done: false },
      ]);
      await expect(service.query(`select public.set_tier('nobody@example.com', 'gold')`)).rejects.toThrow(
        'no such tier',
      );
      await expect(service.query(`select public.set_default_tier('gold')`)).rejects.toThrow('no such tier');
    });

    test('that is deleted takes everything with it and is not made again by its token', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      const plans = id();
      await device.sync();
      await device.sync([conversation(plans), message(plans, 'Hello'), purge('conversation', id())]);
      await open().deleteAccount(user);
      const tables = await open().look(
        `select table_name from information_schema.columns where table_schema = 'atlas' and column_name = 'user_id'`,
      );
      expect(tables.length).toBeGreaterThanOrEqual(6);
      for (const { table_name } of tables) {
        const left = await open().look(`select count(*)::int as n from atlas.${table_name} where user_id = $1`, [user]);
        expect(left, String(table_name)).toEqual([{ n: 0 }]);
      }
      for (const ops of [[], [conversation(id())]]) {
        expect(await open().asUser(user).sync(device.request(ops))).toMatchObject({
          status: 410,
          body: { is: 'refused', code: 'gone' },
        });
      }
    });

    test('knows its devices by when they were last seen', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      const seen = async () =>
        (await open().look('select last_seen::text as at from atlas.devices where user_id = $1', [user])).map(
          (row) => row.at,
        );
      await device.send();
      const [first] = await seen();
      await device.send();
      expect(await seen()).toEqual([first]);
      await device.send([conversation(id())]);
      expect(await seen()).toEqual([first]);
      await open().look(`update atlas.devices set last_seen = last_seen - interval '2 days' where user_id = $1`, [
        user,
      ]);
      await open().look(`update atlas.heads set seen_on = seen_on - 2 where user_id = $1`, [user]);
      await device.send();
      expect((await seen()).every((at) => String(at) > String(first))).toBe(true);
      await open().look(`update atlas.devices set last_seen = '2020-01-01' where user_id = $1`, [user]);
      await open().look(`update atlas.heads set seen_on = seen_on - 2 where user_id = $1`, [user]);
      await device.send([conversation(id())]);
      expect((await seen()).every((at) => String(at) > String(first))).toBe(true);
    });
  });
}
