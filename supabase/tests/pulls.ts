import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge, synced } from './device.ts';

/** A device hears of everything, in pages, and of nothing twice. */
export function pulls(open: () => Database): void {
  async function account() {
    const user = await open().signUp();
    const writer = newDevice(open().asUser(user));
    await writer.sync();
    return { user, writer, reader: newDevice(open().asUser(user)) };
  }
  const seqs = (rows: { seq: number }[]) => rows.map((row) => row.seq);

  describe('pulling', () => {
    test('pages give every row once, in order of seq', async () => {
      const { writer, reader } = await account();
      await reader.sync();
      const [plans, passing] = [id(), id()];
      await writer.sync([conversation(plans), conversation(passing)]);
      for (let i = 0; i < 10; i++) await writer.sync([message(plans, `${i}`)]);
      await writer.sync([purge('conversation', passing)]);
      await reader.sync([], 3);
      expect(seqs(reader.seen)).toEqual([...seqs(reader.seen)].sort((x, y) => x - y));
      expect(new Set(seqs(reader.seen)).size).toBe(reader.seen.length);
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.gone).toEqual(writer.gone);
    });

    test('a request with nothing to say writes nothing and locks nothing', async () => {
      const { user, writer } = await account();
      const request = writer.request();
      await open().hold(user, async (session, sync) => {
        synced(await sync(request));
        const [written] = await session.query('select pg_current_xact_id_if_assigned()::text as xid');
        expect(written).toEqual({ xid: null });
      });
    });

    test('what the results of an answer carry is not repeated in its changes', async () => {
      const { writer, reader } = await account();
      await reader.sync();
      const plans = id();
      await writer.sync([conversation(plans), message(plans, 'One')]);
      const { changes, results } = await reader.send([message(plans, 'Two')]);
      const carried = results.map((result) => result.id);
      expect(changes.map((change) => (change as { kind: string }).kind)).toEqual(['message', 'conversation']);
      expect(changes.some((change) => carried.includes((change as { id: string }).id))).toBe(false);
      await writer.sync();
      expect(reader.rows).toEqual(writer.rows);
    });

    test('a page ends before it grows too heavy, and the rest follows', async () => {
      const { user, writer, reader } = await account();
      const plans = id();
      await writer.sync([conversation(plans)]);
      for (let i = 0; i < 3; i++) {
        await writer.sync(Array.from({ length: 60 }, () => message(plans, 'x'.repeat(32_000))));
      }
      await reader.send();
      expect(reader.rows.size).toBeGreaterThan(50);
      expect(reader.rows.size).toBeLessThan(130);
      await reader.sync();
      expect(reader.rows.size).toBe(181);
      const other = newDevice(open().asUser(user));
      other.epoch = reader.epoch;
      other.cursor = { seq: 0, floor: null };
      await other.send();
      expect(other.rows.size).toBeLessThan(130);
      await other.sync();
      expect(other.rows).toEqual(reader.rows);
    });

    test('a cursor beyond what the server has is brought back', async () => {
      const { writer } = await account();
      await writer.sync([conversation(id())]);
      writer.cursor = { seq: 1_000_000, floor: null };
      expect((await writer.send()).cursor).toEqual({ seq: 1, floor: null });
    });
  });

  describe('the first sync', () => {
    test('of an empty account is done at once', async () => {
      const { reader } = await account();
      expect(await reader.send()).toMatchObject({ cursor: { seq: 0, floor: null }, more: false, changes: [] });
    });

    test('walks from the newest change down and then stands at the head', async () => {
      const { writer, reader } = await account();
      const plans = id();
      await writer.sync([conversation(plans), ...Array.from({ length: 20 }, (_, i) => message(plans, `${i}`))]);
      const first = await reader.send([], 5);
      expect(first).toMatchObject({ more: true, cursor: { seq: 22, floor: 18 } });
      await reader.sync([], 5);
      expect(seqs(reader.seen)).toEqual([...seqs(reader.seen)].sort((x, y) => y - x));
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.cursor).toEqual({ seq: 22, floor: null });
    });

    test('misses nothing that is written, changed or purged while it walks', async () => {
      const { writer, reader } = await account();
      const [plans, other, low, high] = [id(), id(), id(), id()];
      await writer.sync([conversation(plans), conversation(other), message(plans, 'low', { id: low })]);
      await writer.sync([
        ...Array.from({ length: 10 }, (_, i) => message(plans, `${i}`)),
        message(plans, 'high', { id: high }),
      ]);
      await reader.send([], 4);
      await writer.sync([message(plans, 'low, edited', { id: low }), message(plans, 'high, edited', { id: high })]);
      await reader.send([], 4);
      await writer.sync([purge('conversation', other), message(plans, 'new')]);
      await reader.sync([], 4);
      expect(reader.rows).toEqual(writer.rows);
      expect(reader.cursor).toEqual(writer.cursor);
    });

    test('goes on where it was, and sends meanwhile', async () => {
      const { writer, reader } = await account();
      const plans = id();
      await writer.sync([conversation(plans), ...Array.from({ length: 9 }, (_, i) => message(plans, `${i}`))]);
      await reader.send([], 3);
      await reader.send([message(plans, 'from the new device')], 3);
      await reader.sync([], 3);
      await writer.sync();
      expect(reader.rows).toEqual(writer.rows);
    });

    test('leaves out what was purged before', async () => {
      const { writer, reader } = await account();
      const plans = id();
      await writer.sync([conversation(plans)]);
      await writer.sync([purge('conversation', plans)]);
      await reader.sync();
      expect(reader.seen).toEqual([]);
      expect((await reader.send([conversation(plans)])).results).toMatchObject([{ is: 'gone' }]);
    });
  });
}
