import { describe, expect, test } from 'vitest';
import type { Caller, Database } from './database.ts';
import { conversation, id, message, newDevice } from './device.ts';

/** Many connections at once: what PGlite, which has one, cannot show. */
export function concurrency(open: () => Database): void {
  /** A caller whose transactions stay open for a while after the call. */
  const slow = (user: string): Pick<Caller, 'sync'> => ({
    sync: (request) =>
      open().hold(user, async (session, sync) => {
        const answer = await sync(request);
        await session.query('select pg_sleep(random() * 0.02)');
        return answer;
      }),
  });

  describe('at the same time', () => {
    test('five devices write and three read by cursor: nothing is lost and nothing comes twice', async () => {
      const user = await open().signUp();
      const shared = id();
      const first = newDevice(open().asUser(user));
      await first.sync();
      await first.sync([conversation(shared)]);
      const readers = [1, 2, 3].map(() => newDevice(open().asUser(user)));
      for (const reader of readers) await reader.sync();

      const written: string[] = [];
      let writing = true;
      const writers = Promise.all(
        [1, 2, 3, 4, 5].map(async () => {
          const writer = newDevice(slow(user));
          await writer.sync();
          for (let round = 0; round < 25; round++) {
            const own = id();
            const ops = [
              ...(round % 5 === 0 ? [conversation(own), message(own, 'own')] : []),
              ...Array.from({ length: 1 + (round % 3) }, () => message(shared, 'shared')),
            ];
            await writer.send(ops);
            written.push(...ops.map((op) => op.id));
          }
        }),
      ).finally(() => {
        writing = false;
      });
      await Promise.all([
        writers,
        ...readers.map(async (reader) => {
          while (writing) await reader.send([], 7);
          await reader.sync([], 7);
        }),
      ]);

      await first.sync();
      for (const reader of readers) {
        expect(new Set(reader.rows.keys())).toEqual(new Set([shared, ...written]));
        const seqs = reader.seen.map((row) => row.seq);
        expect(new Set(seqs).size, 'a seq came twice').toBe(seqs.length);
        expect(reader.rows).toEqual(first.rows);
      }
      const messages = [...first.rows.values()].filter((row) => row.kind === 'message' && row.conversation === shared);
      expect(first.rows.get(shared)).toMatchObject({ count: messages.length });
    });

    test('the same request from two workers is applied once', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      const plans = id();
      const ops = [conversation(plans), message(plans, 'Once')];
      const request = device.request(ops);
      const answers = await Promise.all([1, 2, 3, 4].map(() => slow(user).sync(request)));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
      await device.sync();
      expect(device.rows.get(plans)).toMatchObject({ count: 1, seq: 3 });
    });

    test('a reader does not wait for a writer, nor one user for another', async () => {
      const [ada, ben] = [await open().signUp(), await open().signUp()];
      const [reader, other] = [newDevice(open().asUser(ada)), newDevice(open().asUser(ben))];
      await reader.sync();
      await other.sync();
      const plans = id();
      await open().hold(ada, async (_, sync) => {
        await sync({ ...reader.request([conversation(plans)]) });
        // The writer has not committed: these answer only if they do not wait for it.
        await reader.send();
        expect(reader.rows.size).toBe(0);
        await other.sync([conversation(id())]);
      });
      await reader.sync();
      expect([...reader.rows.keys()]).toEqual([plans]);
    });

    test('a lock on what tells of changes holds up nobody who writes', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      const plans = id();
      const told = () => open().look('select 1 from realtime.messages where topic = $1', [`user:${user}`]);
      const before = (await told()).length;
      await open().hold('', async (session) => {
        await session.script('reset role; lock table realtime.messages in access exclusive mode');
        await device.sync([conversation(plans)]);
        const { results } = await device.sync([message(plans, 'All the same')]);
        expect(results).toMatchObject([{ is: 'stored' }]);
      });
      expect(await told()).toHaveLength(before);
      await device.sync([message(plans, 'Told again')]);
      expect(await told()).toHaveLength(before + 1);
    });

    test('an account deleted while a device writes to it is gone afterwards, and neither waits for ever', async () => {
      const user = await open().signUp();
      const device = newDevice(open().asUser(user));
      await device.sync();
      const plans = id();
      const waiting = async (what: string) => {
        const asked = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like $1`;
        while ((await open().look(asked, [what]))[0]?.n === 0) await open().look('select pg_sleep(0.01)');
      };
      const { write, deletion } = await open().hold(user, async (session) => {
        await session.script('reset role');
        await session.query('select seq from atlas.heads where user_id = $1 for no key update', [user]);
        const write = open()
          .asUser(user)
          .sync(device.request([conversation(plans), message(plans, 'A last word')]));
        await waiting('%public.sync%');
        const deletion = open().deleteAccount(user);
        await waiting('delete from auth.users%');
        return { write: () => write, deletion: () => deletion };
      });
      expect(await write()).toMatchObject({ status: 200, body: { results: [{ is: 'stored' }, { is: 'stored' }] } });
      await deletion();
      expect(await open().asUser(user).sync(device.request())).toMatchObject({ status: 410 });
      expect(await open().look('select id from atlas.messages where user_id = $1', [user])).toEqual([]);
    });
  });
}
