import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge } from './device.ts';

/** What is purged is gone on every device and does not come back. */
export function purges(open: () => Database): void {
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

  describe('purging', () => {
    test('a message takes it from every device and from what its conversation tells', async () => {
      const { a, b, plans, one, two } = await talk();
      await a.sync([purge('message', two)]);
      await b.sync();
      expect(b.rows).toEqual(a.rows);
      expect(b.gone).toEqual(new Set([two]));
      const first = b.rows.get(one);
      expect(b.rows.get(plans)).toMatchObject({
        count: 1,
        preview: 'One',
        activity: first?.kind === 'message' && first.pos,
      });
    });

    test('the last message leaves the conversation as it was made', async () => {
      const { a, plans, one, two } = await talk();
      await a.sync([purge('message', one), purge('message', two)]);
      expect(a.rows.get(plans)).toMatchObject({ count: 0, preview: '', activity: 1 });
    });

    test('a conversation takes its messages with it', async () => {
      const { user, a, b, plans } = await talk();
      await a.sync([purge('conversation', plans)]);
      await b.sync();
      expect(b.rows.size).toBe(0);
      const left = await open().look('select count(*)::int as n from atlas.messages where user_id = $1', [user]);
      expect(left).toEqual([{ n: 0 }]);
    });

    test('is for good: whatever is written to it afterwards is answered gone', async () => {
      const { a, b, plans, one, two } = await talk();
      const { results } = await a.send([purge('conversation', plans)]);
      const answer = await b.send([
        conversation(plans, { title: 'Back?' }),
        message(plans, 'new'),
        message(plans, 'edited', { id: one }),
        purge('message', two),
      ]);
      const seq = results[0]?.is === 'gone' && results[0].seq;
      expect(answer.results).toMatchObject([
        { is: 'gone', seq },
        { is: 'gone', seq },
        { is: 'gone', seq },
        { is: 'gone' },
      ]);
      await b.sync();
      expect(b.rows.size).toBe(0);
    });

    test('what the server never heard of leaves a tombstone too', async () => {
      const { a, b } = await talk();
      const [never, lone] = [id(), id()];
      await a.send([purge('conversation', never), purge('message', lone)]);
      const { results } = await b.send([
        conversation(never),
        message(never, 'late'),
        message(never, 'x', { id: lone }),
      ]);
      expect(results.map((result) => result.is)).toEqual(['gone', 'gone', 'gone']);
      await b.sync();
      expect(b.gone).toContain(never);
    });

    test('again changes nothing', async () => {
      const { a, plans } = await talk();
      const first = await a.send([purge('conversation', plans)]);
      const again = await a.send([purge('conversation', plans)]);
      expect(again.results).toEqual(first.results);
      expect(again.cursor).toEqual(first.cursor);
    });

    test('beats a write in the same request', async () => {
      const { a, plans, one } = await talk();
      const fresh = id();
      const { results } = await a.send([
        message(plans, 'new'),
        message(plans, 'edited', { id: one }),
        conversation(fresh),
        purge('conversation', plans),
      ]);
      expect(results.map((result) => result.is)).toEqual(['gone', 'gone', 'stored', 'gone']);
      expect([...a.rows.keys()]).toEqual([fresh]);
    });

    test('is told to the one who purged only by the result', async () => {
      const { a, plans } = await talk();
      const { changes, results } = await a.send([purge('conversation', plans)]);
      expect(results).toMatchObject([{ is: 'gone' }]);
      expect(changes).toEqual([]);
    });

    test('tells a device whose message was too late of the conversation that went', async () => {
      const { a, b, plans } = await talk();
      await a.send([purge('conversation', plans)]);
      const { changes } = await b.send([message(plans, 'too late')]);
      expect(changes).toMatchObject([{ kind: 'conversation', id: plans, gone: true }]);
    });
  });
}
