import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge } from './device.ts';

/** Whoever writes, at the prompt too, goes through the head: devices hear of it like of any other change. */
export function guards(open: () => Database): void {
  async function talk() {
    const user = await open().signUp();
    const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
    const [plans, one, two] = [id(), id(), id()];
    await a.sync();
    await a.sync([conversation(plans)]);
    await a.sync([message(plans, 'One', { id: one }), message(plans, 'Two', { id: two })]);
    await b.sync();
    return { user, a, b, plans, one, two };
  }
  const head = async (user: string) =>
    Number((await open().look('select seq from atlas.heads where user_id = $1', [user]))[0]?.seq);
  const say = (user: string, plans: string, text: string, made: string) =>
    open().look(
      'insert into atlas.messages (user_id, id, conversation, role, text) values ($1, $2, $3, $4, $5) returning seq, pos',
      [user, made, plans, 'assistant', text],
    );

  describe('at the prompt', () => {
    test('a message that is added reaches the devices, and its conversation counts it', async () => {
      const { user, b, plans } = await talk();
      const made = id();
      const before = await head(user);
      await say(user, plans, 'By hand', made);
      expect(await head(user)).toBe(before + 2);
      await b.sync();
      expect(b.rows.get(made)).toMatchObject({ text: 'By hand', seq: before + 1, pos: before + 1 });
      expect(b.rows.get(plans)).toMatchObject({ count: 3, preview: 'By hand', activity: before + 1, seq: before + 2 });
    });

    test('an edit moves the row and its clock, and beats what was written before', async () => {
      const { user, a, b, plans, two } = await talk();
      await open().look(`update atlas.messages set text = 'Corrected' where user_id = $1 and id = $2`, [user, two]);
      await open().look(`update atlas.conversations set title = 'Renamed' where user_id = $1`, [user]);
      await b.sync();
      const edited = b.rows.get(two);
      expect(edited).toMatchObject({ text: 'Corrected' });
      expect(b.rows.get(plans)).toMatchObject({ title: 'Renamed', preview: 'Corrected' });
      expect(String(edited?.clocks)).not.toBe(a.rows.get(two)?.clocks);
      await a.sync();
      expect(a.rows).toEqual(b.rows);
    });

    test('what is deleted leaves tombstones, one for a conversation with all its messages', async () => {
      const { user, a, b, plans, one } = await talk();
      await open().look('delete from atlas.messages where user_id = $1 and id = $2', [user, one]);
      await b.sync();
      expect(b.gone).toEqual(new Set([one]));
      expect(b.rows.get(plans)).toMatchObject({ count: 1, preview: 'Two' });
      await open().look('delete from atlas.conversations where user_id = $1', [user]);
      await b.sync();
      await a.sync();
      expect([a.rows.size, b.rows.size]).toEqual([0, 0]);
      expect(a.gone).toEqual(new Set([one, plans]));
      const left = await open().look('select id from atlas.messages where user_id = $1', [user]);
      expect(left).toEqual([]);
    });

    test('many rows of several users in one statement take a seq each', async () => {
      const [ada, ben] = [await talk(), await talk()];
      await open().look(
        `update atlas.messages set text = text || '!' where user_id = any (string_to_array($1, ' ')::uuid[])`,
        [`${ada.user} ${ben.user}`],
      );
      for (const { b, user, one, two, plans } of [ada, ben]) {
        await b.sync();
        expect([one, two].map((made) => b.rows.get(made))).toMatchObject([{ text: 'One!' }, { text: 'Two!' }]);
        expect(b.rows.get(plans)).toMatchObject({ count: 2, preview: 'Two!' });
        expect(b.cursor?.seq).toBe(await head(user));
        const seqs = [...b.rows.values()].map((row) => row.seq);
        expect(new Set(seqs).size).toBe(seqs.length);
      }
    });

    test('a conversation can be made, and what is gone cannot come back', async () => {
      const { user, b, plans } = await talk();
      const [fresh, late] = [id(), id()];
      const make = (made: string) =>
        open().look(`insert into atlas.conversations (user_id, id, title) values ($1, $2, 'By hand')`, [user, made]);
      await make(fresh);
      await say(user, fresh, 'First', late);
      await b.sync();
      expect(b.rows.get(fresh)).toMatchObject({ title: 'By hand', count: 1, preview: 'First', trashed: false });
      await b.sync([purge('conversation', plans)]);
      await expect(make(plans)).rejects.toThrow('gone for good');
      await expect(say(user, plans, 'Too late', id())).rejects.toThrow('gone for good');
      await expect(say(user, id(), 'Nowhere', id())).rejects.toThrow('no such conversation');
      await expect(open().look('delete from atlas.tombstones where user_id = $1', [user])).rejects.toThrow(
        'stays as it is',
      );
    });

    test('what is fixed stays, no head goes back, and no table is emptied', async () => {
      const { user, one } = await talk();
      for (const [statement, refusal] of [
        [`update atlas.messages set role = 'assistant' where user_id = $1 and id = '${one}'`, 'is fixed'],
        ['update atlas.messages set conversation = gen_random_uuid() where user_id = $1', 'is fixed'],
        ['update atlas.conversations set id = gen_random_uuid() where user_id = $1', 'is fixed'],
        ['update atlas.heads set seq = 0 where user_id = $1', 'never goes back'],
      ] as const) {
        await expect(open().look(statement, [user]), statement).rejects.toThrow(refusal);
      }
      await expect(open().look('truncate atlas.messages')).rejects.toThrow('Delete rows instead');
      await expect(open().look('truncate atlas.conversations')).rejects.toThrow('Delete rows instead');
    });

    test('a partition is not written to directly', async () => {
      const { user, one } = await talk();
      const [partition] = await open().look(
        'select tableoid::regclass::text as name from atlas.messages where user_id = $1 and id = $2',
        [user, one],
      );
      await expect(open().look(`delete from ${partition?.name} where user_id = $1`, [user])).rejects.toThrow(
        'Write to atlas.messages',
      );
    });

    test('a sync in the same transaction and after it goes on from there', async () => {
      const { user, a, plans } = await talk();
      const made = id();
      await open().hold(user, async (session, sync) => {
        await sync(a.request([message(plans, 'Before')]));
        await session.script('reset role');
        await session.query(
          `insert into atlas.messages (user_id, id, conversation, role, text) values ($1, $2, $3, 'assistant', 'Between')`,
          [user, made, plans],
        );
        await session.script('set local role authenticated');
        await sync(a.request([message(plans, 'After')]));
      });
      await a.sync();
      const texts = [...a.rows.values()].flatMap((row) => (row.kind === 'message' ? [row] : []));
      expect(texts.sort((x, y) => x.pos - y.pos).map((row) => row.text)).toEqual([
        'One',
        'Two',
        'Before',
        'Between',
        'After',
      ]);
      expect(a.rows.get(plans)).toMatchObject({ count: 5, preview: 'After' });
    });
  });
}
