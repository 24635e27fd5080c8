import { describe, expect, test } from 'vitest';
import { newId } from '../../contract/ids.ts';
import { ahead, type Good, goodRequest, refusedOps, refusedWhole, secret, unstorable } from './bad-requests-cases.ts';
import { sendAnything } from './bad-requests-send.ts';
import { stateOf } from './bad-requests-state.ts';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice, purge } from './device.ts';

/** Whatever is sent: a clear answer, nothing half done, and nothing of it said anywhere. */
export function badRequests(open: () => Database): void {
  async function ready() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const good = () => goodRequest(device.name, String(device.epoch));
    return { user, device, good };
  }

  const send = (user: string, request: unknown) => sendAnything(open(), user, request);

  describe('a request with', () => {
    test.each(refusedWhole)('%s is refused with %i %s, and nothing of it stays', async (_, status, code, spoil) => {
      const { user, good } = await ready();
      const before = await stateOf(open());
      const answer = await send(user, spoil(good()));
      expect(answer).toEqual({
        status,
        body: { is: 'refused', code, message: expect.any(String), time: expect.any(Number) },
      });
      expect(JSON.stringify(answer)).not.toContain(secret);
      expect(await stateOf(open())).toBe(before);
    });

    test.each(ahead)('a clock %s gets the time and nothing else', async (_, spoil) => {
      const { user, good } = await ready();
      const before = await stateOf(open());
      expect((await send(user, spoil(good()))).body).toEqual({
        is: 'clock',
        v: 1,
        epoch: expect.any(String),
        time: expect.any(Number),
      });
      expect(await stateOf(open())).toBe(before);
    });

    test.each(unstorable)('%s is refused with 400 bad-request, and nothing of it stays', async (_, spoil) => {
      const { user, good } = await ready();
      const before = await stateOf(open());
      const answer = await send(user, spoil(JSON.stringify(good()), 'words beside it'));
      expect(answer).toMatchObject({ status: 400, body: { is: 'refused', code: 'bad-request' } });
      expect(JSON.stringify(answer)).not.toContain('words beside it');
      expect(await stateOf(open())).toBe(before);
    });
  });

  describe('an op with', () => {
    test.each(refusedOps)('%s is refused as %s, and what is beside it is stored', async (_, code, spoil) => {
      const { user, good } = await ready();
      const request: Good = good();
      const [first, second] = request.ops;
      const spoilt = spoil({ ...message(String(first?.id), secret), id: id() } as never);
      const answer = await send(user, { ...request, ops: [first, spoilt, second] });
      expect(answer).toMatchObject({
        status: 200,
        body: { results: [{ is: 'stored' }, { is: 'refused', code }, { is: 'stored' }] },
      });
      const [kept] = await open().look('select count(*)::int as n from atlas.messages where user_id = $1', [user]);
      expect(kept).toEqual({ n: 1 });
    });
  });

  describe('what is strange and allowed', () => {
    test('ids of any time there is, and of none', async () => {
      const { user, device } = await ready();
      const ids = [newId(0, crypto), newId(2 ** 48 - 1, crypto), newId(Date.UTC(9999, 11, 31), crypto)];
      const others = [
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        crypto.randomUUID(),
      ];
      const plans = id();
      const messages = [...ids, ...others].map((own) => message(plans, secret, { id: own }));
      const { results } = await device.sync([conversation(plans), ...messages]);
      expect(results.map((result) => result.is)).toEqual(Array.from({ length: 7 }, () => 'stored'));
      expect(device.rows.get(plans)).toMatchObject({ count: 6 });
      const other = newDevice(open().asUser(user));
      await other.sync([], 2);
      expect(other.rows).toEqual(device.rows);
      await device.sync(ids.map((own) => purge('message', own)));
      expect(device.rows.get(plans)).toMatchObject({ count: 3 });
    });

    test('a clock of 1970', async () => {
      const { device } = await ready();
      const plans = id();
      await device.sync([conversation(plans, { title: secret }, '000000000000000.0000.000000000001' as never)]);
      expect(device.rows.get(plans)).toMatchObject({ title: secret });
    });

    test('unknown fields, in the request, in an op and among its facts', async () => {
      const { user, good } = await ready();
      const request = good();
      const [first, second] = request.ops;
      const odd = { ...second, mood: secret, made: { ...(second as { made: object }).made, mood: [secret] } };
      const set = { ...(odd as unknown as { set: object }).set, mood: [{ of: secret }, clock()] };
      const answer = await send(user, { ...request, ops: [first, { ...odd, set }], mood: { secret } });
      expect(answer).toMatchObject({ status: 200, body: { results: [{ is: 'stored' }, { is: 'stored' }] } });
    });

    test.each([
      ['nothing', []],
      ['what is none', [null, 7, 'fine', [], {}]],
      [
        'enormous numbers',
        [{ trigger: 'periodic', ms: 1e300, bytesUp: -1, bytesDown: 0.5, rows: 2 ** 60, outcome: 'x' }],
      ],
      ['other types', [{ trigger: 7, ms: 'long', bytesUp: null, bytesDown: [], rows: {}, outcome: false }]],
      [
        'very long words',
        [{ trigger: 'x'.repeat(100_000), ms: 1, bytesUp: 1, bytesDown: 1, rows: 1, outcome: 'y'.repeat(100_000) }],
      ],
      [
        'very many',
        Array.from({ length: 5_000 }, () => ({
          trigger: 'periodic',
          ms: 1,
          bytesUp: 1,
          bytesDown: 1,
          rows: 1,
          outcome: 'ok',
        })),
      ],
    ])('reports of %s do not hold up what comes with them', async (_, reports) => {
      const { user, good } = await ready();
      const answer = await send(user, { ...good(), reports });
      expect(answer).toMatchObject({ status: 200, body: { results: [{ is: 'stored' }, { is: 'stored' }] } });
    });
  });
}
