import { describe, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { call } from './call.ts';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice, purge } from './device.ts';

const day = 86_400_000;

/** Where a message lies is decided by the month in its id; devices never notice. */
export function months(open: () => Database): void {
  const idOf = (daysAgo: number) => newId(Date.now() - daysAgo * day, crypto);
  const tableOf = async (user: string, made: string) =>
    (
      await open().look('select tableoid::regclass::text as name from atlas.messages where user_id = $1 and id = $2', [
        user,
        made,
      ])
    )[0]?.name;
  const month = (daysAgo: number) => new Date(Date.now() - daysAgo * day).toISOString().slice(0, 7).replace('-', '_');
  async function account() {
    const user = await open().signUp();
    const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
    await a.sync();
    await b.sync();
    const plans = id();
    await a.sync([conversation(plans)]);
    return { user, a, b, plans };
  }

  describe('months', () => {
    test('a message lies in the month of its id, and wild dates lie at the edges', async () => {
      const { user, a, b, plans } = await account();
      const wild = [
        '00000000-0000-7000-8000-000000000001',
        '015fffff-ffff-7000-8000-000000000001',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        newId(Date.parse('9999-12-31'), crypto),
        newId(Date.parse('2099-12-31'), crypto),
      ];
      const [today, lastMonth] = [id(), idOf(32)];
      await a.sync([today, lastMonth, ...wild].map((made) => message(plans, made, { id: made })));
      expect(await tableOf(user, today)).toBe(`atlas.messages_${month(0)}`);
      expect(await tableOf(user, lastMonth)).toBe(`atlas.messages_${month(32)}`);
      expect(await tableOf(user, wild[0] ?? '')).toBe('atlas.messages_before');
      expect(await tableOf(user, wild[4] ?? '')).toBe('atlas.messages_after');
      await b.sync([], 2);
      expect(b.rows).toEqual(a.rows);
      const fresh = newDevice(open().asUser(user));
      await fresh.sync([], 3);
      expect(fresh.rows).toEqual(a.rows);
      await b.sync(wild.map((made) => message(plans, `${made} edited`, { id: made })));
      await b.sync([purge('message', wild[2] ?? ''), purge('message', lastMonth)]);
      await a.sync([], 3);
      expect(a.rows).toEqual(b.rows);
      expect(a.rows.get(plans)).toMatchObject({ count: 5 });
      await a.sync([purge('conversation', plans)]);
      expect(await open().look('select id from atlas.messages where user_id = $1', [user])).toEqual([]);
    });

    test('sending a message again finds it, in whatever month', async () => {
      const { a, plans } = await account();
      const ops = [0, 32, 200, 500, 4_000, -4_000].map((ago) => message(plans, `${ago}`, { id: idOf(ago) }));
      const first = await a.send(ops);
      const again = await a.send(ops);
      expect(again.results).toEqual(first.results);
      expect(again.cursor).toEqual(first.cursor);
    });

    test('are there for the next three, with row level security and closed to everyone', async () => {
      const tables = await open().look(
        `select relname as name, relrowsecurity and relforcerowsecurity as safe from pg_class
         where relnamespace = 'atlas'::regnamespace and relkind = 'r' and relname ~ '^messages_[0-9]{4}' order by 1`,
      );
      for (const ahead of [0, -31, -62]) expect(tables.map((t) => t.name)).toContain(`messages_${month(ahead)}`);
      expect(tables.every((t) => t.safe === true)).toBe(true);
      const user = open().asUser(await open().signUp());
      await expect(user.query(`select from atlas.messages_${month(0)}`)).rejects.toThrow('permission denied');
    });

    test('that come to be take over what was waiting for them at the edges', async () => {
      const { user, a, b, plans } = await account();
      const ahead = idOf(-200);
      const [early, long] = [idOf(800), idOf(1_000)];
      const ops = [ahead, early, long].map((made) => message(plans, made, { id: made }));
      await a.sync(ops);
      expect([await tableOf(user, ahead), await tableOf(user, early)]).toEqual([
        'atlas.messages_after',
        'atlas.messages_before',
      ]);
      const covered = `select atlas.cover_months((atlas.this_month() - interval '40 months')::date,
        (atlas.this_month() + interval '9 months')::date) as made`;
      expect(Number((await open().look(covered))[0]?.made)).toBeGreaterThan(20);
      expect(await open().look(covered)).toEqual([{ made: 0 }]);
      expect([await tableOf(user, ahead), await tableOf(user, early)]).toEqual([
        `atlas.messages_${month(-200)}`,
        `atlas.messages_${month(800)}`,
      ]);
      await b.sync([], 2);
      expect(b.rows).toEqual(a.rows);
      expect((await a.send(ops)).cursor).toEqual(a.cursor);
      await b.sync([message(plans, 'edited', { id: ahead }), message(plans, 'edited', { id: early })]);
      await a.sync();
      expect(a.rows).toEqual(b.rows);
      expect(a.rows.get(plans)).toMatchObject({ count: 3 });
    });
  });

  describe('the archive', () => {
    test('takes the months older than a year without moving a seq, and everything goes on', async () => {
      const { user, a, b, plans } = await account();
      const [old, today] = [[idOf(330), idOf(300), idOf(270)], id()];
      await a.sync([...old, today].map((made, i) => message(plans, `${i}`, { id: made })));
      const cursor = a.cursor;
      const parent = async (made: string) =>
        (
          await open().look(
            `select inhparent::regclass::text as name from pg_inherits where inhrelid = $1::text::regclass`,
            [String(await tableOf(user, made))],
          )
        )[0]?.name;
      expect(await parent(old[0] ?? '')).toBe('atlas.messages');
      const [{ moved } = { moved: 0 }] = await open().look(
        `select atlas.archive_months((atlas.this_month() - interval '8 months')::date) as moved`,
      );
      expect(Number(moved)).toBeGreaterThanOrEqual(2);
      expect(await parent(old[0] ?? '')).toBe('atlas.archived_messages');
      expect(await parent(today)).toBe('atlas.messages');
      // A device that was long away, one that is up to date, and a new one.
      expect((await a.send()).changes).toEqual([]);
      expect(a.cursor).toEqual(cursor);
      await b.sync([], 2);
      expect(b.rows).toEqual(a.rows);
      expect(b.gone.size).toBe(0);
      const late = message(plans, 'imported late', { id: idOf(331), at: clock(-331 * day) });
      const edit = message(plans, 'edited', { id: old[1] ?? '' });
      await b.sync([late, edit, purge('message', old[0] ?? '')]);
      expect((await b.send([late, edit])).cursor).toEqual(b.cursor);
      await a.sync();
      expect(a.rows).toEqual(b.rows);
      expect(a.rows.get(plans)).toMatchObject({ count: 4, preview: 'imported late' });
      expect(await parent(late.id)).toBe('atlas.archived_messages');
      const fresh = newDevice(open().asUser(user));
      await fresh.sync([], 2);
      expect(fresh.rows).toEqual(a.rows);
      await a.sync([purge('conversation', plans)]);
      expect(await open().look('select id from atlas.messages where user_id = $1', [user])).toEqual([]);
    });
  });

  describe('one conversation', () => {
    const pages = async (user: string, plans: string, limit: number) => {
      const read: string[] = [];
      for (let before: number | null = null; ; ) {
        const { body } = await call(open().asUser(user), 'history', { conversation: plans, before, limit });
        const page = body as { is: string; rows: { text: string; pos: number }[]; more: boolean };
        expect(page.is).toBe('history');
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        read.push(...page.rows.map((row) => row.text));
        if (!page.more) return read;
        before = page.rows.at(-1)?.pos ?? 0;
      }
    };

    test('is read newest first, in pages, across months and the archive', async () => {
      const { user, a, plans } = await account();
      const other = id();
      await a.sync([conversation(other), message(other, 'not this one')]);
      const ago = [1_500, 700, 400, 330, 60, 0, 45, 350, 0, 0];
      for (const [i, days] of ago.entries()) await a.sync([message(plans, `${i}`, { id: idOf(days) })]);
      const all = ago.map((_, i) => `${i}`).reverse();
      expect(await pages(user, plans, 3)).toEqual(all);
      expect(await pages(user, plans, 1)).toEqual(all);
      expect(await pages(user, plans, 100)).toEqual(all);
      const { body } = await call(open().asUser(user), 'history', { conversation: plans, before: null, limit: 2 });
      const [newest] = (body as { rows: { id: string }[] }).rows;
      expect(newest).toEqual(a.rows.get(newest?.id ?? ''));
    });

    test('is read on the free tier too, by its owner alone', async () => {
      const { user, a, plans } = await account();
      await a.sync([message(plans, 'Mine')]);
      await open().look(`update atlas.profiles set tier = 'free' where user_id = $1`, [user]);
      expect(await open().asUser(user).sync(a.request())).toMatchObject({ status: 403 });
      expect(await pages(user, plans, 10)).toEqual(['Mine']);
      expect(await pages(await open().signUp(), plans, 10)).toEqual([]);
    });

    test.each<[string, unknown]>([
      ['nothing', null],
      ['no conversation', { before: null, limit: 1 }],
      ['a place that is none', { conversation: '01890000-0000-7000-8000-000000000000', before: 'x', limit: 1 }],
      ['no limit', { conversation: '01890000-0000-7000-8000-000000000000', before: null }],
    ])('asked for with %s is refused', async (_, request) => {
      const user = await open().signUp();
      expect(await call(open().asUser(user), 'history', request)).toMatchObject({
        status: 400,
        body: { code: 'bad-request' },
      });
      expect(await call(open().asUser(''), 'history', request)).toMatchObject({ status: 401, body: { code: 'auth' } });
    });
  });
}
