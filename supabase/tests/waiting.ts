import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';

/** What changes tables gives way to those who use them: what PGlite, which has one connection, cannot show. */
export function waiting(open: () => Database): void {
  async function ready() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const plans = id();
    await device.sync([conversation(plans)]);
    return { user, device, plans };
  }

  describe('a change of partitions', () => {
    test('gives up while somebody writes, lets others go on, and is done afterwards', async () => {
      const [slow, other] = [await ready(), await ready()];
      const furthest = `(select max(m) + interval '1 month' from atlas.month_tables('atlas.messages') m)::date`;
      const cover = () => open().look(`select atlas.cover_months(atlas.this_month(), ${furthest}) as made`);
      await open().hold(slow.user, async (_, sync) => {
        await sync(slow.device.request([message(slow.plans, 'not committed yet')]));
        const refused = expect(cover()).rejects.toThrow('lock timeout');
        // These are answered though the writer has not committed.
        await other.device.sync([message(other.plans, 'meanwhile')]);
        await other.device.sync();
        await refused;
      });
      expect(await cover()).toEqual([{ made: 1 }]);
      await slow.device.sync();
      await other.device.sync([message(other.plans, 'afterwards')]);
      expect(slow.device.rows.get(slow.plans)).toMatchObject({ count: 1 });
      expect(other.device.rows.get(other.plans)).toMatchObject({ count: 2 });
    });

    test('does not move a message away from a reader who looks for it', async () => {
      const { user, device, plans } = await ready();
      let changing = true;
      const written: string[] = [];
      const reader = newDevice(open().asUser(user));
      await reader.sync();
      const changes = (async () => {
        for (let ahead = 1; ahead <= 6; ahead++) {
          // It gives up when it has to wait, as maintenance does, and tries again.
          await open()
            .look(
              `select atlas.cover_months(atlas.this_month(),
                 (select max(m) + interval '1 month' from atlas.month_tables('atlas.messages') m)::date)`,
            )
            .catch((error: Error) => expect(error.message).toContain('lock timeout'));
        }
      })().finally(() => {
        changing = false;
      });
      while (changing) {
        // Of a clock that is a year ahead: it lies at the edge until its month comes to be.
        const made = message(plans, 'early', { id: id().replace(/^.{13}/, idAhead()) });
        written.push(made.id);
        expect((await device.send([made])).results).toMatchObject([{ is: 'stored' }]);
        await reader.send([], 50);
      }
      await changes;
      await reader.sync();
      expect(written.filter((made) => !reader.rows.has(made))).toEqual([]);
    });

    test.each([
      ['reads', 'few'],
      ['reads', 'many'],
      ['edits', 'few'],
    ])('is waited for by who %s %s of the messages that it moves', async (what, number) => {
      const { user, device, plans } = await ready();
      const reader = newDevice(open().asUser(user));
      await reader.sync();
      const furthest = `(select max(m) + interval '1 month' from atlas.month_tables('atlas.messages') m)::date`;
      const [edge] = await open().look(`select left(atlas.first_id(${furthest})::text, 13) as begins`);
      const made = Array.from({ length: number === 'few' ? 1 : 40 }, (_, i) =>
        message(plans, `Early ${i}`, { id: id().replace(/^.{13}/, String(edge?.begins)) }),
      );
      const [first] = made;
      if (first === undefined) throw new Error('nothing was made');
      await device.sync(made);
      const { asked } = await open().hold('', async (session) => {
        await session.script('reset role');
        await session.query(`select atlas.cover_months(atlas.this_month(), ${furthest})`);
        const asked = what === 'edits' ? device.sync([message(plans, 'Edited', { id: first.id })]) : reader.sync();
        const locked = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%public.sync%'`;
        while ((await open().look(locked)).length === 0) await open().look('select pg_sleep(0.01)');
        return { asked: () => asked };
      });
      expect((await asked()).results.map((result) => result.is)).toEqual(what === 'edits' ? ['stored'] : []);
      await reader.sync();
      expect(made.filter((op) => !reader.rows.has(op.id))).toEqual([]);
      expect(reader.rows).toEqual(device.rows);
    });

    test('is left to the one who is at it', async () => {
      await open().hold('', async (session) => {
        await session.script('reset role');
        await session.query('select pg_advisory_xact_lock(4321, 3)');
        expect(await open().look('select atlas.maintain() as done')).toEqual([{ done: { busy: true } }]);
      });
    });
  });

  describe('the trash', () => {
    test('is not emptied for who is writing right now, but the next time', async () => {
      const { user, device, plans } = await ready();
      await device.sync([conversation(plans, { trashed: true })]);
      await open().hold(user, async (session) => {
        await session.script('reset role; set local session_replication_role = replica');
        await session.query(`update atlas.conversations set trashed_at = now() - interval '31 days' where id = $1`, [
          plans,
        ]);
      });
      const purge = `select atlas.purge_trash(now() - interval '30 days', 100) as purged`;
      await open().hold(user, async (session) => {
        await session.script('reset role');
        await session.query('select from atlas.heads where user_id = $1 for no key update', [user]);
        expect(await open().look(purge)).toEqual([{ purged: 0 }]);
      });
      expect(await open().look(purge)).toEqual([{ purged: 1 }]);
      await device.sync();
      expect(device.gone).toEqual(new Set([plans]));
    });
  });
}

/** The first 13 characters of an id made some months from now. */
function idAhead(): string {
  const ms = Date.now() + (120 + Math.floor(Math.random() * 240)) * 86_400_000;
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
