import { describe, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';

/** What has to be done from time to time is done a piece at a call, and devices hear of what they have to. */
export function maintenance(open: () => Database): void {
  async function maintain(): Promise<Record<string, unknown>> {
    const total: Record<string, unknown> = {};
    for (let call = 0; call < 50; call++) {
      const [row] = await open().look('select atlas.maintain()::text as done');
      const done = JSON.parse(String(row?.done)) as Record<string, unknown>;
      for (const [what, n] of Object.entries(done)) {
        if (typeof n === 'number') total[what] = Number(total[what] ?? 0) + n;
      }
      if (done.more !== true) return total;
    }
    throw new Error('there is always more to do');
  }

  describe('maintenance', () => {
    test('with nothing to do does nothing', async () => {
      await maintain();
      const done = await maintain();
      expect(
        Object.values(done).every((n) => n === 0),
        JSON.stringify(done),
      ).toBe(true);
    });

    test('purges what was trashed 30 days ago by receipt, and devices hear of it', async () => {
      const user = await open().signUp();
      const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
      await a.sync();
      const [old, recent, alive] = [id(), id(), id()];
      await a.sync([
        conversation(old),
        conversation(recent),
        conversation(alive),
        message(old, 'old'),
        message(recent, 'x'),
      ]);
      await a.sync([conversation(old, { trashed: true }), conversation(recent, { trashed: true })]);
      await b.sync();
      await open().hold(user, async (session) => {
        await session.script('reset role; set local session_replication_role = replica');
        await session.query(`update atlas.conversations set trashed_at = now() - interval '31 days' where id = $1`, [
          old,
        ]);
      });
      expect(await maintain()).toMatchObject({ purged: 1 });
      await a.sync();
      await b.sync();
      expect(a.gone).toEqual(new Set([old]));
      expect(b.gone).toEqual(a.gone);
      expect(b.rows).toEqual(a.rows);
      expect([...a.rows.keys()]).toEqual(expect.arrayContaining([recent, alive]));
      expect(
        await open().look('select id from atlas.messages where user_id = $1 and conversation = $2', [user, old]),
      ).toEqual([]);
    });

    test('forgets devices after 400 days and reports after 30', async () => {
      const user = await open().signUp();
      const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
      await a.sync([]);
      await b.sync([]);
      await open().look(`update atlas.devices set last_seen = now() - interval '401 days' where device = $1`, [a.name]);
      for (const age of ['31 days', '29 days']) {
        await open().look(
          `insert into atlas.sync_reports (user_id, device, received_at, cause, ms, bytes_up, bytes_down, entities, outcome, retries)
           values ($1, $2, now() - $3::interval, 'poll', 1, 1, 1, 1, 'synced', 0)`,
          [user, a.name, age],
        );
      }
      expect(await maintain()).toMatchObject({ devices: 1, reports: 1 });
      expect(await open().look('select device from atlas.devices where user_id = $1', [user])).toEqual([
        { device: b.name },
      ]);
    });

    test('keeps months and weeks ahead, and catches up after a long pause', async () => {
      // As if the last months had not been made.
      await open().hold('', async (session) => {
        await session.script(`reset role; set local atlas.writing = 'partitions'`);
        await session.script(`
          alter table atlas.messages detach partition atlas.messages_after;
          do $$ declare month date; begin
            for month in select m from atlas.month_tables('atlas.messages') m where m > atlas.this_month() loop
              execute format('drop table atlas.%I', atlas.month_table(month));
            end loop;
            alter table atlas.messages_after drop constraint bounds;
            execute format('alter table atlas.messages_after add constraint bounds check (id >= %L)',
              atlas.first_id((atlas.this_month() + interval '1 month')::date));
            execute format('alter table atlas.messages attach partition atlas.messages_after for values from (%L) to (maxvalue)',
              atlas.first_id((atlas.this_month() + interval '1 month')::date));
          end $$`);
      });
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      const [plans, early] = [id(), newId(Date.now() + 40 * 86_400_000, crypto)];
      await device.sync([conversation(plans), message(plans, 'of a clock that is fast', { id: early })]);
      expect(await maintain()).toMatchObject({ months: expect.any(Number) });
      const [lies] = await open().look('select tableoid::regclass::text as name from atlas.messages where id = $1', [
        early,
      ]);
      expect(lies?.name).toMatch(/^atlas\.messages_[0-9]{4}_[0-9]{2}$/);
      const fresh = newDevice(open().asUser(user));
      await fresh.sync();
      expect(fresh.rows).toEqual(device.rows);
      const [ahead] = await open().look(
        `select (select max(m) from atlas.month_tables('atlas.messages') m) >= atlas.this_month() + interval '3 months' as months,
           (select max(w) from atlas.week_tables() w) >= now()::date + 84 as weeks`,
      );
      expect(ahead).toEqual({ months: true, weeks: true });
    });

    test('drops the activity record after 400 days and keeps the usage of those days', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      const [plans, long] = [id(), newId(Date.now() - 500 * 86_400_000, crypto)];
      await device.sync([conversation(plans), message(plans, 'long ago', { id: long }), message(plans, 'today')]);
      await open().look(`select atlas.drop_weeks((now() + interval '14 days')::date) as n`);
      const logged = () => open().look('select message from atlas.usage_logs where user_id = $1', [user]);
      expect(await logged()).toEqual([]);
      const usage = () => open().look('select messages from atlas.daily_usage where user_id = $1', [user]);
      expect(await usage()).toEqual([{ messages: 2 }]);
      await device.sync([message(plans, 'goes on')]);
      expect(await usage()).toEqual([{ messages: 3 }]);
      expect((await logged()).length).toBe(1);
    });
  });
}
