import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';

/** Nobody is served so much that others are not, and nothing is lost by waiting. */
export function limits(open: () => Database): void {
  async function ready() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const plans = id();
    await device.sync([conversation(plans)]);
    return { user, device, plans };
  }
  async function withLimits(pushes: number, bytes: number, work: () => Promise<void>): Promise<void> {
    await open().look(`update atlas.tiers set pushes_per_minute = $1, bytes_per_minute = $2 where tier = 'studio'`, [
      pushes,
      bytes,
    ]);
    try {
      await work();
    } finally {
      await open().look(
        `update atlas.tiers set pushes_per_minute = 1200, bytes_per_minute = 128000000 where tier = 'studio'`,
      );
    }
  }
  const throttled = { status: 429, body: { is: 'refused', code: 'throttled', retryAfter: expect.any(Number) } };
  const minuteLater = (user: string) =>
    open().look(
      `update atlas.heads set pushes_until = pushes_until - interval '1 minute', bytes_until = bytes_until - interval '1 minute'
       where user_id = $1`,
      [user],
    );

  describe('a burst of pushes', () => {
    test('is taken up to the limit, the rest is told when to come, and nothing is lost', async () => {
      const { user, device, plans } = await ready();
      // So few that a slow machine does not see one more allowed meanwhile.
      await withLimits(2, 8_000_000, async () => {
        const ops = Array.from({ length: 12 }, (_, i) => message(plans, `${i}`));
        const statuses: number[] = [];
        for (const op of ops)
          statuses.push(
            (
              await open()
                .asUser(user)
                .sync(device.request([op]))
            ).status,
          );
        expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
        const refused = await open().asUser(user).sync(device.request(ops));
        expect(refused).toMatchObject(throttled);
        const { retryAfter } = refused.body as { retryAfter: number };
        expect(retryAfter).toBeGreaterThanOrEqual(1);
        expect(retryAfter).toBeLessThanOrEqual(31);
        // Reading goes on meanwhile.
        await device.send();
        await minuteLater(user);
        await device.sync(ops);
        expect(device.rows.get(plans)).toMatchObject({ count: 12, preview: '11' });
      });
    });

    async function whereBrokenFails(work: () => Promise<void>): Promise<void> {
      await open().look(`create function public.fail() returns trigger language plpgsql
        as $$ begin if new.text = 'broken' then raise exception 'broken'; end if; return new; end $$`);
      await open().look(
        'create trigger fail before insert on atlas.messages for each row execute function public.fail()',
      );
      try {
        await work();
      } finally {
        await open().look('drop trigger fail on atlas.messages');
        await open().look('drop function public.fail()');
      }
    }

    test('counts what could not be applied', async () => {
      const { user, device, plans } = await ready();
      await whereBrokenFails(() =>
        withLimits(2, 8_000_000, async () => {
          const statuses: number[] = [];
          for (let i = 0; i < 5; i++) {
            statuses.push(
              (
                await open()
                  .asUser(user)
                  .sync(device.request([message(plans, 'broken')]))
              ).status,
            );
          }
          expect(statuses[0]).toBe(400);
          expect(statuses.at(-1)).toBe(429);
        }),
      );
    });

    test('notes a device whose first changes could not be applied when others are', async () => {
      const { user, device, plans } = await ready();
      const late = newDevice(open().asUser(user));
      [late.epoch, late.cursor] = [device.epoch, device.cursor];
      const noted = async () =>
        (await open().look('select device from atlas.devices where user_id = $1', [user])).map((row) => row.device);
      await whereBrokenFails(async () => {
        const broken = late.request([message(plans, 'broken')]);
        expect(await open().asUser(user).sync(broken)).toMatchObject({ status: 400 });
      });
      expect(await noted()).toEqual([device.name]);
      await late.sync([message(plans, 'whole')]);
      expect(new Set(await noted())).toEqual(new Set([device.name, late.name]));
    });

    test('counts what it weighs', async () => {
      const { user, device, plans } = await ready();
      await withLimits(1_000, 8_000_000, async () => {
        // Incompressible, for its size is that in the database.
        const heavy = () =>
          message(plans, Array.from({ length: 30_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join(''));
        const push = (n: number) =>
          open()
            .asUser(user)
            .sync(device.request(Array.from({ length: n }, heavy)));
        expect(await push(120)).toMatchObject({ status: 200 });
        expect(await push(120)).toMatchObject({ status: 200 });
        expect(await push(120)).toMatchObject(throttled);
        await minuteLater(user);
        expect(await push(1)).toMatchObject({ status: 200 });
      });
    });
  });

  describe('reports', () => {
    const report = { trigger: 'poll', ms: 12, bytesUp: 300, bytesDown: 400, rows: 2, outcome: 'synced', retries: 1 };
    const kept = (user: string) =>
      open().look(
        `select cause, ms, bytes_up, bytes_down, entities, outcome, retries from atlas.sync_reports where user_id = $1`,
        [user],
      );

    test('are kept with a push, all at once, and those of another shape are passed over', async () => {
      const { user, device, plans } = await ready();
      const reports = [
        report,
        { ms: 3 },
        7,
        null,
        { ...report, ms: 1e300 },
        { ...report, trigger: 'x'.repeat(41) },
        report,
      ];
      await open()
        .asUser(user)
        .sync({ ...device.request([message(plans, 'Hi')]), reports });
      const row = { cause: 'poll', ms: 12, bytes_up: 300, bytes_down: 400, entities: 2, outcome: 'synced', retries: 1 };
      expect(await kept(user)).toEqual([row, row]);
    });

    test('are kept when something is answered, and never for a request with nothing to say', async () => {
      const { user, device } = await ready();
      const reader = newDevice(open().asUser(user));
      await open()
        .asUser(user)
        .sync({ ...device.request(), reports: [report] });
      expect(await kept(user)).toEqual([]);
      await open()
        .asUser(user)
        .sync({ ...reader.request(), reports: [report] });
      expect((await kept(user)).length).toBe(1);
    });
  });

  describe('under load', () => {
    const note = async (use: number, ms: number | null = null) =>
      Number((await open().look('select atlas.note_load($1, 100, $2) as stretch', [use, ms]))[0]?.stretch);
    const later = () => open().look(`update atlas.load set changed_at = changed_at - interval '1 minute'`);
    const calm = () => open().look(`update atlas.state set stretch = 1, stretched_until = '-infinity'`);

    test('intervals double from 80 % on, grow beyond, and come down step by step with room to spare', async () => {
      const { device } = await ready();
      const interval = async () => (await device.send()).policy.interval;
      try {
        expect([await note(79), await interval()]).toEqual([1, 30]);
        expect([await note(80), await interval()]).toEqual([2, 60]);
        expect([await note(95), await interval()]).toEqual([8, 240]);
        expect(await note(10)).toBe(8);
        await later();
        expect([await note(80), await interval()]).toEqual([4, 120]);
        await later();
        expect(await note(78)).toBe(4);
        expect(await note(69)).toBe(2);
        await later();
        expect(await note(75), 'too little room to spare').toBe(2);
        expect([await note(60), await interval()]).toEqual([1, 30]);
        expect(await note(10, 700)).toBe(2);
        expect(await note(10, 5_000)).toBe(16);
      } finally {
        await calm();
      }
    });

    test('is forgotten when nobody says so any more', async () => {
      const { device } = await ready();
      try {
        await note(99);
        expect((await device.send()).policy.interval).toBe(480);
        await open().look(`update atlas.state set stretched_until = now() - interval '1 second'`);
        expect((await device.send()).policy.interval).toBe(30);
      } finally {
        await calm();
      }
    });

    test('the row that every request reads is written only when there is something to say', async () => {
      const version = async () => (await open().look('select xmin::text as x from atlas.state'))[0]?.x;
      await note(10);
      const before = await version();
      await note(20);
      await note(30, 10);
      expect(await version()).toBe(before);
    });
  });
}
