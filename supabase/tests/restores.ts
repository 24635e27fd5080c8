import { describe, expect, test } from 'vitest';
import type { Op } from '../../contract/wire.ts';
import type { Database } from './database.ts';
import { conversation, type Device, id, message, newDevice } from './device.ts';

/** After a restore from a backup the devices bring back what they know beyond it. */
export function restores(open: () => Database): void {
  /** As a backup is put back: rows and nothing else happens. */
  async function restoreTo(user: string, seq: number): Promise<void> {
    await open().hold(user, async (session) => {
      await session.script('reset role; set local session_replication_role = replica');
      for (const table of ['messages', 'conversations', 'tombstones']) {
        await session.query(`delete from atlas.${table} where user_id = $1 and seq > $2`, [user, seq]);
      }
      await session.query('update atlas.heads set seq = $2 where user_id = $1', [user, seq]);
    });
  }
  const ofRow = (device: Device, made: string): Op => {
    const row = device.rows.get(made);
    if (row?.kind !== 'message') throw new Error('no such message');
    const { conversation: talk, role, parent, attempt } = row;
    return {
      kind: 'message',
      id: made,
      origin: 'backfill',
      made: { conversation: talk, role, parent, attempt },
      set: { text: [row.text, row.clocks.text] },
    };
  };

  describe('a restore', () => {
    test('opens a new epoch, tells each user where his data began, and gets back what was lost', async () => {
      const [user, other] = [await open().signUp(), await open().signUp()];
      const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
      const [plans, kept, lost] = [id(), id(), id()];
      const first = await a.sync();
      await a.sync([conversation(plans), message(plans, 'Kept', { id: kept })]);
      const backup = a.cursor?.seq ?? 0;
      await a.sync([message(plans, 'Lost', { id: lost })]);
      await b.sync();
      // The conversation changed with the message: its row of the backup is put back as well.
      await restoreTo(user, backup);
      await open().hold(user, async (session) => {
        await session.script('reset role; set local session_replication_role = replica');
        await session.query(
          `insert into atlas.conversations (user_id, id, seq, origin, title, title_clock, trashed, trashed_clock, activity,
             active_at, first_seq, created_at, message_count, last_message_preview)
           select $1, $2, $3, 'live', 'Plans', $4, false, $4, $3::bigint - 1, now(), 1, now(), 1, 'Kept'`,
          [user, plans, backup, '000000000000001.0000.aaaaaaaaaaaa'],
        );
      });
      const [opened] = await open().asService().query('select public.open_epoch() as epoch');
      const epoch = String(opened?.epoch);
      try {
        const answer = await open().asUser(user).sync(a.request());
        expect(answer).toMatchObject({ status: 200, body: { is: 'reset', epoch } });
        const { epochs } = answer.body as { epochs: { epoch: string; from: number }[] };
        expect(epochs[0]?.epoch).toBe(first.epoch);
        expect(epochs.at(-1)).toEqual({ epoch, from: backup });
        const others = await open()
          .asUser(other)
          .sync({ ...a.request(), cursor: null, ops: [] });
        expect((others.body as typeof answer.body & { epochs: object[] }).epochs.at(-1)).toEqual({ epoch, from: 0 });

        for (const device of [a, b]) {
          device.epoch = epoch;
          device.cursor = { seq: backup, floor: null };
          const { results } = await device.send([ofRow(device, lost)]);
          expect(results).toMatchObject([{ is: 'stored' }]);
        }
        await a.sync();
        await b.sync();
        expect(a.rows.get(lost)).toMatchObject({ text: 'Lost' });
        expect(b.rows.get(plans)).toMatchObject({ count: 2, preview: 'Lost' });
        expect(b.rows).toEqual(a.rows);
        const [counted] = await open().look('select messages from atlas.daily_usage where user_id = $1', [user]);
        expect(counted).toEqual({ messages: 2 });
      } finally {
        await open().look('delete from atlas.epochs where epoch = $1', [epoch]);
      }
    });

    test('is told to the database by the operator alone, under a name that is new', async () => {
      const user = await open().signUp();
      await expect(open().asUser(user).query('select public.open_epoch()')).rejects.toThrow('permission denied');
      await expect(open().asAnon().query('select public.open_epoch()')).rejects.toThrow('permission denied');
      try {
        expect(await open().asService().query(`select public.open_epoch('after the flood') as epoch`)).toEqual([
          { epoch: 'after the flood' },
        ]);
        await expect(open().asService().query(`select public.open_epoch('after the flood')`)).rejects.toThrow(
          'duplicate',
        );
      } finally {
        await open().look(`delete from atlas.epochs where epoch = 'after the flood'`);
      }
    });
  });
}
