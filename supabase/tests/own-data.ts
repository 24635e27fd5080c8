import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AnyRow } from '../../contract/entities.ts';
import { call } from './call.ts';
import type { Database } from './database.ts';
import { conversation, type Device, id, message, newDevice, purge } from './device.ts';

/** A user can take everything with him, compare it, and have it deleted. */
export function ownData(open: () => Database): void {
  async function account() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const plans = id();
    await device.sync([
      conversation(plans),
      ...Array.from({ length: 9 }, (_, i) => message(plans, `${i}`)),
      conversation(id()),
    ]);
    await device.sync([purge('message', [...device.rows.keys()][3] ?? '')]);
    return { user, device, plans };
  }

  /** As docs/protocol.md tells a device. */
  function digestOf(device: Device): { count: number; hash: string } {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const line = (row: AnyRow) => {
      const clocks = row.kind === 'message' ? [row.clocks.text] : [row.clocks.title, row.clocks.trashed];
      return `${[row.id, ...clocks].join(' ')}\n`;
    };
    const buckets = new Map<string, string[]>();
    for (const row of [...device.rows.values()].sort((x, y) => (x.id < y.id ? -1 : 1))) {
      const name = row.id.slice(-2);
      buckets.set(name, [...(buckets.get(name) ?? []), line(row)]);
    }
    const hashes = [...buckets].sort().map(([name, lines]) => name + sha(lines.join('')));
    return { count: device.rows.size, hash: sha(hashes.join('')) };
  }

  describe('the digest', () => {
    test('is the one a device computes, and another after any change', async () => {
      const { user, device } = await account();
      const asked = async () => (await call(open().asUser(user), 'digest')).body as { hash: string };
      const first = await asked();
      expect(first).toMatchObject({ is: 'digest', epoch: device.epoch, seq: device.cursor?.seq, ...digestOf(device) });
      const [row] = [...device.rows.values()].filter((row) => row.kind === 'message');
      await device.sync([message(row?.kind === 'message' ? row.conversation : '', 'edited', { id: row?.id ?? '' })]);
      const second = await asked();
      expect(second.hash).not.toBe(first.hash);
      expect(second).toMatchObject(digestOf(device));
    });

    test('of nothing is that of nothing', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      expect((await call(open().asUser(user), 'digest')).body).toMatchObject({ seq: 0, ...digestOf(device) });
    });
  });

  describe('the export', () => {
    test('holds everything of its user and nothing else, on the free tier too', async () => {
      const { user, device } = await account();
      const plans = id();
      await device.sync([conversation(plans)]);
      for (let i = 0; i < 3; i++) await device.sync(Array.from({ length: 400 }, () => message(plans, 'much')));
      await open().look(`update atlas.profiles set tier = 'free' where user_id = $1`, [user]);
      const rows = new Map<string, unknown>();
      let pages = 0;
      for (let after = 0; ; pages++) {
        const { body } = await call(open().asUser(user), 'export_account', { after });
        const page = body as { rows: AnyRow[]; next: number | null; account?: object };
        expect('account' in page).toBe(pages === 0);
        if (pages === 0) expect(page.account).toMatchObject({ tier: 'free', devices: [{ device: device.name }] });
        for (const row of page.rows) rows.set(row.id, row);
        if (page.next === null) break;
        after = page.next;
      }
      expect(pages).toBeGreaterThanOrEqual(1);
      expect(rows).toEqual(device.rows);
    });
  });

  describe('deleting the account', () => {
    test('takes everything in one call, and later syncs are told', async () => {
      const { user, device, plans } = await account();
      await call(open().asUser(user), 'save_subscription', {
        endpoint: 'https://push.example.com/a',
        keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
      });
      expect(await call(open().asUser(user), 'delete_account')).toMatchObject({ status: 200, body: { is: 'deleted' } });
      const tables = await open().look(
        `select relname as name from pg_class c where relnamespace = 'atlas'::regnamespace and relkind in ('r', 'p')
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id')
         and relname <> 'left_sign_ins'`,
      );
      expect(tables.length).toBeGreaterThan(30);
      for (const { name } of tables) {
        expect(await open().look(`select from atlas.${name} where user_id = $1`, [user]), String(name)).toEqual([]);
      }
      for (const answer of [
        await open()
          .asUser(user)
          .sync(device.request([message(plans, 'Still there?')])),
        await call(open().asUser(user), 'delete_account'),
        await call(open().asUser(user), 'digest'),
        await call(open().asUser(user), 'export_account', {}),
        await call(open().asUser(user), 'history', { conversation: plans, before: null, limit: 1 }),
      ]) {
        expect(answer).toMatchObject({ status: 410, body: { is: 'refused', code: 'gone' } });
      }
    });

    test('leaves a sign-in that only its own service may delete, and the operator hears of it until that is done', async () => {
      const { user } = await account();
      const left = async () =>
        (await open().asService().query('select u::text as user from public.left_sign_ins() u')).map((row) => row.user);
      await call(open().asUser(user), 'delete_account');
      expect(await open().look('select id::text from auth.users where id = $1', [user])).toEqual([{ id: user }]);
      expect(await left()).toContain(user);
      await expect(open().asUser(user).query('select public.left_sign_ins()')).rejects.toThrow('permission denied');
      await open().deleteAccount(user);
      expect(await left()).not.toContain(user);
    });

    test('works again for who came back while his sign-in was left', async () => {
      const { user } = await account();
      await call(open().asUser(user), 'delete_account');
      await open().look(`insert into atlas.profiles (user_id, tier) values ($1, 'studio')`, [user]);
      await open().look(`insert into atlas.heads (user_id, tier) values ($1, 'studio')`, [user]);
      expect(await call(open().asUser(user), 'delete_account')).toMatchObject({ status: 200 });
      expect(await open().look('select from atlas.profiles where user_id = $1', [user])).toEqual([]);
      await open().deleteAccount(user);
    });

    test('by the operator does the same, by email', async () => {
      const user = await open().signUp('going@example.com');
      const [other] = [await account()];
      const erase = (email: string) => open().asService().query('select public.erase_account($1) as done', [email]);
      expect(await erase('Going@example.com')).toEqual([{ done: true }]);
      expect(await erase('going@example.com')).toEqual([{ done: false }]);
      expect(await call(open().asUser(user), 'digest')).toMatchObject({ status: 410 });
      expect(await call(open().asUser(other.user), 'digest')).toMatchObject({ status: 200 });
    });

    test.each(['digest', 'delete_account', 'export_account'])('%s wants a user', async (name) => {
      const argument = name === 'export_account' ? {} : undefined;
      for (const nobody of ['', 'someone']) {
        expect(await call(open().asUser(nobody), name, argument)).toMatchObject({
          status: 401,
          body: { code: 'auth' },
        });
      }
      await expect(call(open().asAnon(), name, argument)).rejects.toThrow('permission denied');
    });
  });

  describe('a push subscription', () => {
    const subscription = (name: string) => ({
      endpoint: `https://push.example.com/${name}`,
      keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
    });
    const saved = async (user: string) =>
      (
        await open().look('select endpoint from atlas.push_subscriptions where user_id = $1 order by saved_at', [user])
      ).map((row) => row.endpoint);

    test('is kept for the one who is signed in on that browser, and removed by him alone', async () => {
      const [ada, ben] = [await open().signUp(), await open().signUp()];
      const { endpoint } = subscription('one');
      expect((await call(open().asUser(ada), 'save_subscription', subscription('one'))).body).toBe(true);
      const remove = (user: string) =>
        open().asUser(user).query('select public.remove_subscription($1) as done', [endpoint]);
      expect(await remove(ben)).toEqual([{ done: false }]);
      expect(await saved(ada)).toEqual([endpoint]);
      await call(open().asUser(ben), 'save_subscription', subscription('one'));
      expect([await saved(ada), await saved(ben)]).toEqual([[], [endpoint]]);
      expect(await remove(ben)).toEqual([{ done: true }]);
      expect(await saved(ben)).toEqual([]);
    });

    test('is one of at most twenty, and none that is no subscription', async () => {
      const user = await open().signUp();
      for (let i = 0; i < 22; i++) await call(open().asUser(user), 'save_subscription', subscription(`many-${i}`));
      expect((await saved(user)).length).toBe(20);
      expect(await saved(user)).toContain('https://push.example.com/many-21');
      for (const wrong of [
        {},
        null,
        { ...subscription('x'), endpoint: 'http://plain' },
        { endpoint: 'https://x', keys: 7 },
      ]) {
        expect((await call(open().asUser(user), 'save_subscription', wrong)).body).toBe(false);
      }
    });
  });
}
