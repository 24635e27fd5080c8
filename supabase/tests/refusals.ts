import { describe, expect, test } from 'vitest';
import { limits } from '../../contract/limits.ts';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice, purge } from './device.ts';

/** Where a life of the data says that it began when nothing of a user was before it. */
const nothingBefore = 2 ** 53 - 1;

/** A request that cannot be served is refused whole, with a code, and leaves nothing behind. */
export function refusals(open: () => Database): void {
  async function ready() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const head = async () =>
      (await open().look('select seq::int as seq from atlas.heads where user_id = $1', [user]))[0]?.seq;
    return { user, device, head, sync: open().asUser(user).sync };
  }
  const refused = (status: number, code: string) => ({
    status,
    body: { is: 'refused', code, message: expect.any(String), time: expect.any(Number) },
  });

  describe('a request', () => {
    test.each<[string, (good: Record<string, unknown>) => unknown]>([
      ['is no object', () => [1, 2]],
      ['is null', () => null],
      ['has no version', ({ v: _, ...rest }) => rest],
      ['has a version that is no number', (good) => ({ ...good, v: '1' })],
      ['has no device', ({ device: _, ...rest }) => rest],
      ['has a device of another shape', (good) => ({ ...good, device: 'A-device' })],
      ['has no epoch', ({ epoch: _, ...rest }) => rest],
      ['has a number as epoch', (good) => ({ ...good, epoch: 1 })],
      ['has no cursor', ({ cursor: _, ...rest }) => rest],
      ['has a cursor that is a number', (good) => ({ ...good, cursor: 12 })],
      ['has a cursor without floor', (good) => ({ ...good, cursor: { seq: 0 } })],
      ['has a negative cursor', (good) => ({ ...good, cursor: { seq: -1, floor: null } })],
      ['has an enormous cursor', (good) => ({ ...good, cursor: { seq: 1e300, floor: null } })],
      ['has half a cursor', (good) => ({ ...good, cursor: { seq: 0.5, floor: null } })],
      ['has a cursor but no epoch', (good) => ({ ...good, epoch: null })],
      ['has no limit', ({ limit: _, ...rest }) => rest],
      ['has a limit of nothing', (good) => ({ ...good, limit: 0 })],
      ['has an enormous limit', (good) => ({ ...good, limit: 1e30 })],
      ['has no ops', ({ ops: _, ...rest }) => rest],
      ['has ops that are no list', (good) => ({ ...good, ops: {} })],
      ['has reports that are no list', (good) => ({ ...good, reports: 'fine' })],
      ['has an op that is none', (good) => ({ ...good, ops: [null] })],
      ['has an op without id', (good) => ({ ...good, ops: [{ ...conversation(id()), id: undefined }] })],
      ['has an op with an id of another shape', (good) => ({ ...good, ops: [conversation('1')] })],
      ['has an op of no kind', (good) => ({ ...good, ops: [{ ...conversation(id()), kind: 1 }] })],
      ['has an op of unknown origin', (good) => ({ ...good, ops: [{ ...conversation(id()), origin: 'stolen' }] })],
      ['has an op without facts', (good) => ({ ...good, ops: [{ ...conversation(id()), made: undefined }] })],
      ['has an op that sets a list', (good) => ({ ...good, ops: [{ ...conversation(id()), set: [] }] })],
      ['has a field without clock', (good) => ({ ...good, ops: [{ ...conversation(id()), set: { title: ['x'] } }] })],
      ['has a bad clock', (good) => ({ ...good, ops: [conversation(id(), { title: 'x' }, '1.2.x' as never)] })],
      ['has a purge that is not true', (good) => ({ ...good, ops: [{ ...purge('message', id()), purge: 1 }] })],
      [
        'names an entity twice',
        (good) => {
          const plans = id();
          return { ...good, ops: [conversation(plans), purge('conversation', plans)] };
        },
      ],
      [
        'is nested deep',
        (good) => ({
          ...good,
          ops: [{ ...conversation(id()), made: JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) }],
        }),
      ],
    ])('that %s is refused', async (_, spoil) => {
      const { device, sync, head } = await ready();
      const answer = await sync(spoil(device.request() as Record<string, unknown>));
      expect(answer).toEqual(refused(400, 'bad-request'));
      expect(await head()).toBe(0);
    });

    test.each([0, 2, 1.5])('of version %s is told that the app is too old', async (v) => {
      const { device, sync } = await ready();
      expect(await sync({ ...device.request(), v })).toEqual(refused(426, 'too-old'));
    });

    test('with unknown fields is served', async () => {
      const { device, sync } = await ready();
      expect(await sync({ ...device.request(), colour: { of: ['the', 'sky'] }, reports: [{ ms: 3 }] })).toMatchObject({
        status: 200,
      });
    });

    test('with more changes than allowed is too large', async () => {
      const { device, sync, head } = await ready();
      const ops = Array.from({ length: limits.opsPerRequest + 1 }, () => conversation(id()));
      expect(await sync(device.request(ops))).toEqual(refused(413, 'too-large'));
      expect(await head()).toBe(0);
    });

    test('of ten million letters is too large', async () => {
      const { device, sync } = await ready();
      expect(await sync({ ...device.request(), padding: 'x'.repeat(10_000_000) })).toEqual(refused(413, 'too-large'));
    });

    test('without a user is asked to sign in', async () => {
      const { device } = await ready();
      expect(await open().asUser('').sync(device.request())).toEqual(refused(401, 'auth'));
      expect(await open().asUser('someone').sync(device.request())).toEqual(refused(401, 'auth'));
    });

    test('that fails in a way nobody expected repeats nothing of what was sent, and undoes what it wrote', async () => {
      const { device, sync, head } = await ready();
      await open().look(`create function public.fail() returns trigger language plpgsql
        as $$ begin if new.text = 'my secret' then raise exception 'broken by %', new.text; end if; return new; end $$`);
      await open().look(
        'create trigger fail before insert on atlas.messages for each row execute function public.fail()',
      );
      try {
        const plans = id();
        const answer = await sync(device.request([conversation(plans), message(plans, 'my secret')]));
        expect(answer).toEqual(refused(400, 'bad-request'));
        expect(JSON.stringify(answer)).not.toContain('secret');
        expect(await head()).toBe(0);
      } finally {
        await open().look('drop trigger fail on atlas.messages');
        await open().look('drop function public.fail()');
      }
      const plans = id();
      await device.send([conversation(plans), message(plans, 'my secret')]);
      expect(device.rows.get(plans)).toMatchObject({ count: 1 });
    });
  });

  describe('a clock', () => {
    test('ahead of the server gets only the time back', async () => {
      const { device, sync, head } = await ready();
      const plans = id();
      const ops = [conversation(plans), message(plans, 'from the future', { at: clock(60_000) })];
      const answer = await sync(device.request(ops));
      expect(answer).toEqual({
        status: 200,
        body: { is: 'clock', v: 1, epoch: device.epoch, time: expect.any(Number) },
      });
      expect(await head()).toBe(0);
    });

    test('a little ahead, or years behind, is taken as it is', async () => {
      const { device } = await ready();
      const [soon, late] = [id(), id()];
      await device.send([conversation(soon, { title: 'soon' }, clock(3_000))]);
      await device.send([conversation(late, { title: 'late' }, clock(-10 * 365 * 86_400_000))]);
      expect(device.rows.size).toBe(2);
    });
  });

  describe('another epoch', () => {
    test('gets the list of epochs, and nothing is processed', async () => {
      const { device, sync, head } = await ready();
      const answer = await sync({ ...device.request([conversation(id())]), epoch: 'of another life' });
      expect(answer).toEqual({
        status: 200,
        body: {
          is: 'reset',
          v: 1,
          epoch: device.epoch,
          time: expect.any(Number),
          epochs: [{ epoch: device.epoch, from: nothingBefore }],
        },
      });
      expect(await head()).toBe(0);
    });

    test('after a restore the newest one counts and the older are listed, each with the seq it began from', async () => {
      const { user, device, sync } = await ready();
      const before = device.epoch;
      await device.sync([conversation(id())]);
      const opened = await open().asService().query(`select public.open_epoch('restored')`);
      expect(opened).toHaveLength(1);
      try {
        expect(await sync(device.request())).toMatchObject({
          body: {
            is: 'reset',
            epoch: 'restored',
            epochs: [
              { epoch: before, from: nothingBefore },
              { epoch: 'restored', from: 1 },
            ],
          },
        });
        // Who comes now has nothing of before, and nothing in common with a device that says otherwise.
        const newcomer = await open().signUp();
        expect(
          await open()
            .asUser(newcomer)
            .sync({ ...device.request(), cursor: null }),
        ).toMatchObject({
          body: {
            epochs: [
              { epoch: before, from: 0 },
              { epoch: 'restored', from: nothingBefore },
            ],
          },
        });
        expect(user).not.toBe(newcomer);
      } finally {
        await open().look(`delete from atlas.epochs where epoch = 'restored'`);
      }
    });

    test('is also none at all where something is to be written: nothing is processed', async () => {
      const { device, sync, head } = await ready();
      const answer = await sync({ ...device.request([conversation(id())]), epoch: null, cursor: null });
      expect(answer).toMatchObject({ status: 200, body: { is: 'reset', epoch: device.epoch } });
      expect(await head()).toBe(0);
    });
  });
}
