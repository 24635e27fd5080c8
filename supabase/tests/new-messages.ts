import { describe, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import type { Op } from '../../contract/wire.ts';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice, purge } from './device.ts';

/** New messages of one conversation go a short way of their own through the database: nobody can tell by what comes of it. */
export function newMessages(open: () => Database): void {
  async function talk() {
    const user = await open().signUp();
    const [writer, reader] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
    await writer.sync();
    await reader.sync();
    const plans = id();
    await writer.sync([conversation(plans)]);
    await reader.sync();
    return { user, writer, reader, plans };
  }
  /** The same op with a field that nobody knows: it is looked at in the general way. */
  function theOtherWay(op: Op): Op {
    if (!('set' in op)) throw new Error('nothing is set');
    const set: object = { ...op.set, mood: ['good', clock()] };
    return { ...op, set } as Op;
  }

  describe('new messages of a conversation', () => {
    test('are answered, kept and passed on alike, whichever way they took', async () => {
      const { user, writer, reader, plans } = await talk();
      const said = [message(plans, 'One'), message(plans, 'Two', { role: 'assistant' })];
      const short = await writer.send(said);
      const general = await writer.send(
        [message(plans, 'One'), message(plans, 'Two', { role: 'assistant' })].map(theOtherWay),
      );
      const shape = ({ results, changes, cursor, more, policy }: typeof short, before: number) => ({
        results: results.map((result) => ({
          ...result,
          id: null,
          ...('seq' in result ? { seq: result.seq - before } : {}),
        })),
        differs: results.map((result) => ('differs' in result ? Object.keys(result.differs).sort() : null)),
        changes: changes.map((change) => Object.keys(change as object).sort()),
        ...{ seq: cursor.seq - before, floor: cursor.floor, more, policy },
      });
      const first = shape(short, 1);
      const second = shape(general, 4);
      for (const { results } of [first, second])
        for (const result of results) Reflect.deleteProperty(result, 'differs');
      expect(first).toEqual(second);
      await reader.sync();
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.rows.get(plans)).toMatchObject({ count: 4, preview: 'Two', seq: 7 });
      const usage = 'select messages, answers from atlas.daily_usage where user_id = $1';
      expect(await open().look(usage, [user])).toEqual([{ messages: 2, answers: 2 }]);
    });

    test('of whatever months are found again', async () => {
      const { writer, reader, plans } = await talk();
      const times = [0, Date.UTC(2023, 1), Date.now(), Date.UTC(2031, 0), 2 ** 48 - 1];
      const said = times.map((ms, i) => message(plans, `Message ${i}`, { id: newId(ms, crypto) }));
      await writer.sync(said);
      await writer.sync(
        said.slice(0, 1).map((op) => message(plans, 'Of 1970 too', { id: newId(0, crypto), parent: op.id })),
      );
      await reader.sync([], 2);
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.rows.get(plans)).toMatchObject({ count: 6, preview: 'Of 1970 too' });
    });

    test('are judged one by one where some of them are none', async () => {
      const { user, writer, reader, plans } = await talk();
      const [known, gone] = [message(plans, 'Known'), message(plans, 'Gone')];
      await writer.sync([known, gone]);
      await writer.sync([purge('message', gone.id)]);
      const { results } = await writer.sync([
        message(plans, 'New'),
        known,
        gone,
        message(plans, 'In place of its conversation', { id: plans }),
        message(plans, 'New too'),
      ]);
      expect(results.map((result) => ('code' in result ? result.code : result.is))).toEqual([
        'stored',
        'stored',
        'gone',
        'bad-op',
        'stored',
      ]);
      await reader.sync();
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.rows.get(plans)).toMatchObject({ count: 3, preview: 'New too' });
      const [used] = await open().look('select messages from atlas.daily_usage where user_id = $1', [user]);
      expect(used).toEqual({ messages: 4 });
    });

    test('alone in place of their own conversation are none', async () => {
      const { writer, reader, plans } = await talk();
      const { results } = await writer.sync([message(plans, 'In its place', { id: plans })]);
      expect(results).toMatchObject([{ is: 'refused', code: 'bad-op' }]);
      await reader.sync();
      expect([...reader.rows.keys()]).toEqual([plans]);
    });

    test('are stored when their short way is broken', async () => {
      const { user, writer, plans } = await talk();
      const undone = new Error('undone');
      const held = open().hold(user, async (session, sync) => {
        await session.script(`reset role;
          create or replace function atlas.push_new_messages(
            me uuid, request jsonb, new atlas.new_messages, size integer, moment timestamptz
          ) returns atlas.added_messages language plpgsql
          as $$ begin raise exception 'broken' using errcode = 'undefined_table'; end $$;
          set local role authenticated`);
        const { body } = await sync(writer.request([message(plans, 'All the same')]));
        expect(body).toMatchObject({ is: 'synced', results: [{ is: 'stored' }] });
        throw undone;
      });
      await expect(held).rejects.toBe(undone);
    });

    test('bring all that was written and purged meanwhile to a device a little behind, and not themselves', async () => {
      const { writer, reader, plans } = await talk();
      const [kept, gone] = [message(plans, 'Kept', { id: newId(Date.UTC(2024, 4), crypto) }), message(plans, 'Gone')];
      await writer.sync([kept, gone]);
      await reader.sync();
      await writer.sync([message(plans, 'Of another month', { id: newId(Date.UTC(2025, 1), crypto) })]);
      await writer.sync([purge('message', gone.id)]);
      const mine = message(plans, 'Mine');
      const answer = await reader.send([mine]);
      expect(answer).toMatchObject({ more: false, cursor: { floor: null } });
      expect(answer.changes.map((change) => (change as { id: string }).id)).not.toContain(mine.id);
      await writer.sync();
      expect(reader.cursor).toEqual(writer.cursor);
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.gone).toEqual(writer.gone);
    });

    test('bring what else is new to a device that had not heard of it', async () => {
      const { writer, reader, plans } = await talk();
      const other = id();
      await writer.sync([conversation(other, { title: 'Other' }), message(other, 'Elsewhere')]);
      const answer = await reader.send([message(plans, 'Mine')]);
      expect(answer.changes.map((change) => (change as { id: string }).id)).toContain(other);
      await writer.sync();
      await reader.sync();
      expect(reader.rows).toEqual(writer.rows);
    });

    test('come in pages to who asked for small ones', async () => {
      const { writer, reader, plans } = await talk();
      await writer.sync(
        Array.from({ length: 9 }, (_, i) => message(plans, `Message ${i}`)),
        2,
      );
      await reader.sync([], 3);
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.rows.size).toBe(10);
    });

    test('bring a trashed conversation back when they are newer, and not when they are older', async () => {
      const { writer, reader, plans } = await talk();
      await writer.sync([conversation(plans, { trashed: true }, clock(1_000))]);
      await writer.sync([message(plans, 'Answer', { role: 'assistant' })]);
      expect(writer.rows.get(plans)).toMatchObject({ trashed: true });
      await writer.sync([message(plans, 'Older', { at: clock(-120_000) })]);
      expect(writer.rows.get(plans)).toMatchObject({ trashed: true });
      await writer.sync([message(plans, 'Newer', { at: clock(2_000) })]);
      expect(writer.rows.get(plans)).toMatchObject({ trashed: false, trashedAt: null });
      await reader.sync();
      expect(reader.rows).toEqual(writer.rows);
    });
  });
}
