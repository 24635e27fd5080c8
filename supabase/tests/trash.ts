import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice } from './device.ts';

/** Trashing is a write like any other; a newer message of the user's brings a conversation back. */
export function trash(open: () => Database): void {
  async function trashable() {
    const user = await open().signUp();
    const a = newDevice(open().asUser(user));
    await a.sync();
    const plans = id();
    await a.sync([conversation(plans), message(plans, 'Hello')]);
    return { a, plans };
  }

  describe('the trash', () => {
    test('says when the server received the trashing, whatever the device clock', async () => {
      const { a, plans } = await trashable();
      const before = Date.now();
      await a.sync([conversation(plans, { trashed: true }, clock(3_000))]);
      const row = a.rows.get(plans);
      const trashedAt = row?.kind === 'conversation' && row.trashedAt;
      expect(trashedAt).toBeGreaterThanOrEqual(before);
      expect(trashedAt).toBeLessThanOrEqual(Date.now());
      await a.sync([conversation(plans, { trashed: false }, clock(3_001))]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: false, trashedAt: null });
    });

    test('keeps the first receipt when it is trashed twice', async () => {
      const { a, plans } = await trashable();
      await a.sync([conversation(plans, { trashed: true })]);
      const first = a.rows.get(plans);
      await a.sync([conversation(plans, { trashed: true })]);
      expect(a.rows.get(plans)).toMatchObject({ trashedAt: first?.kind === 'conversation' && first.trashedAt });
    });

    test('gives a conversation back when a newer message of the user arrives', async () => {
      const { a, plans } = await trashable();
      await a.sync([conversation(plans, { trashed: true })]);
      await a.sync([message(plans, 'One more thing')]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: false, trashedAt: null, count: 2 });
    });

    test('keeps it when the message is older than the trashing', async () => {
      const { a, plans } = await trashable();
      const earlier = clock(-60_000);
      await a.sync([conversation(plans, { trashed: true })]);
      await a.sync([message(plans, 'Written before', { at: earlier })]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: true, count: 2, trashedAt: expect.any(Number) });
    });

    test('does not take a conversation that has a newer message than the trashing', async () => {
      const { a, plans } = await trashable();
      const trashing = conversation(plans, { trashed: true }, clock(-1));
      await a.sync([message(plans, 'Still here', { at: clock(1) })]);
      const { results } = await a.send([trashing]);
      expect(results).toMatchObject([{ is: 'stored', differs: { trashed: false } }]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: false, trashedAt: null });
    });

    test('keeps it when a reply arrives', async () => {
      const { a, plans } = await trashable();
      await a.sync([conversation(plans, { trashed: true })]);
      await a.sync([message(plans, 'An answer', { role: 'assistant' })]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: true, count: 2, preview: 'An answer' });
    });

    test('keeps it when a message is edited or sent again', async () => {
      const { a, plans } = await trashable();
      const hello = message(plans, 'Sent twice');
      await a.sync([hello]);
      await a.sync([conversation(plans, { trashed: true })]);
      await a.sync([hello]);
      await a.sync([message(plans, 'Edited', { id: hello.id })]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: true, count: 2, preview: 'Edited' });
    });

    test('the order in which trashing and message arrive does not matter', async () => {
      const { a, plans } = await trashable();
      const trashing = conversation(plans, { trashed: true });
      await a.sync([message(plans, 'Newer'), trashing]);
      expect(a.rows.get(plans)).toMatchObject({ trashed: false });
    });
  });
}
