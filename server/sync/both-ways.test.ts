import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeClock } from '../../contract/clock.ts';
import { SyncedSchema, type SyncRequest } from '../../contract/wire.ts';
import {
  askAtlas,
  conversationId,
  device,
  firstRequest,
  type Person,
  secretKey,
  signUp,
  titles,
} from '../testing/ask-atlas.ts';
import { type Forged, forgeToken } from '../testing/forge-token.ts';
import { type RunningAtlas, startAtlas } from '../testing/start-atlas.ts';
import { askSync, type Way, ways } from '../testing/ways.ts';

describe.each(['postgres', 'pglite'])('on %s', (engine) => {
  let atlas: RunningAtlas;
  let ann: Person;
  let claims: Record<string, unknown>;
  let publishableKey: string;
  let jwtSecret: string;

  beforeAll(async () => {
    atlas = await startAtlas({ env: { ATLAS_DATABASE: engine } });
    ann = await signUp(atlas.address, 'ann@example.org');
    claims = JSON.parse(Buffer.from(ann.token.split('.')[1] ?? '', 'base64url').toString());
    ({ publishableKey, jwtSecret } = JSON.parse(await readFile(join(atlas.dataDir, 'keys.json'), 'utf8')));
  });
  afterAll(() => atlas.stop());

  function headers(token: string | null = ann.token) {
    const own = { apikey: publishableKey, 'content-type': 'application/json', 'content-profile': 'public' };
    return token === null ? own : { ...own, authorization: `Bearer ${token}` };
  }
  const ask = (way: Way, request: unknown, token?: string | null) =>
    askSync(atlas.address, way, headers(token), JSON.stringify({ request }));
  const askRaw = (way: Way, body: string, more: Record<string, string> = {}) =>
    askSync(atlas.address, way, { ...headers(), ...more }, body);
  const forge = (forged: Forged) => forgeToken({ secret: jwtSecret, claims, ...forged });

  async function writing(number: number, title: unknown, clockOf?: (time: number) => number): Promise<SyncRequest> {
    const { body: first } = await ann.sync({ ...firstRequest, limit: 1 });
    const clock = makeClock((clockOf ?? ((time) => time))(first.time), number, device);
    const set = { title: [title, clock], trashed: [false, clock] };
    const op = { kind: 'conversation', id: conversationId(number), origin: 'live', made: {}, set };
    return { ...firstRequest, epoch: first.epoch, cursor: { seq: 0, floor: null }, ops: [op] } as SyncRequest;
  }

  describe.each(Object.keys(ways) as Way[])('the %s way', (way) => {
    test('a sync is answered as JSON that no cache keeps, and went this way', async () => {
      const answer = await ask(way, firstRequest);
      expect([answer.status, answer.way]).toEqual([200, way]);
      expect(v.parse(SyncedSchema, answer.body).policy.tier).toBe('studio');
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    test('what is written comes back as it was written, whatever letters are in it', async () => {
      const title = 'Grüße "quoted" \\u0041 \u2028 日本 😀 {"a":[1]} \' -- ; $1';
      const { status, body } = await ask(way, await writing(1, title));
      expect([status, body.results[0].is]).toEqual([200, 'stored']);
      const { body: read } = await ask(way, firstRequest);
      expect(read.changes).toContainEqual(expect.objectContaining({ id: conversationId(1), title }));
    });

    test('every status of the database arrives with its body', async () => {
      const other = { ...firstRequest, epoch: 'of another life' };
      const ahead = await writing(3, 'From the future', (time) => time + 3_600_000);
      const many = {
        ...(await writing(3, 'x')),
        ops: Array.from({ length: 501 }, (_, i) => ({ ...purge, id: conversationId(i) })),
      };
      const cases: [request: unknown, status: number, said: object][] = [
        [other, 200, { is: 'reset' }],
        [ahead, 200, { is: 'clock' }],
        [many, 413, { is: 'refused', code: 'too-large' }],
        [{ ...firstRequest, v: 0 }, 426, { is: 'refused', code: 'too-old' }],
        [{ ...firstRequest, limit: 'many' }, 400, { is: 'refused', code: 'bad-request' }],
        [{ ...firstRequest, limit: -1 }, 400, { is: 'refused', code: 'bad-request' }],
        [{}, 400, { is: 'refused', code: 'bad-request' }],
        [[], 400, { is: 'refused', code: 'bad-request' }],
        [5, 400, { is: 'refused', code: 'bad-request' }],
        [null, 400, { is: 'refused', code: 'bad-request' }],
        [writingWithBadTitle, 400, { is: 'refused', code: 'bad-request' }],
      ];
      for (const [request, status, said] of cases)
        expect(await ask(way, request)).toMatchObject({ status, body: said });
    });

    test('an account on a tier without sync is told so, and so is one that was deleted', async () => {
      const bob = await signUp(atlas.address, `bob-${way}@example.org`);
      const asOperator = { apikey: await secretKey(atlas.dataDir) };
      await askAtlas(atlas.address, '/rest/v1/rpc/set_tier', { email: bob.email, tier: 'free' }, asOperator);
      expect(await ask(way, firstRequest, bob.token)).toMatchObject({ status: 403, body: { code: 'tier' } });
      await bob.call('delete_account', {});
      expect(await ask(way, firstRequest, bob.token)).toMatchObject({ status: 410, body: { code: 'gone' } });
    });

    test('a token that is forged, unsigned, expired or from the future opens nothing', async () => {
      const now = Math.floor(Date.now() / 1_000);
      const undecodable = { code: 'PGRST301', message: 'No suitable key or wrong key type' };
      const cases: [forged: Forged, body: object][] = [
        [{ secret: 'another secret' }, undecodable],
        [{ signature: '' }, { code: '42501' }],
        [{ signature: (signed) => `${signed.slice(1)}A` }, undecodable],
        [{ header: { alg: 'none', typ: 'JWT' }, signature: '' }, { code: '42501' }],
        [{ header: { alg: 'none', typ: 'JWT' } }, undecodable],
        [{ header: { alg: 'HS512', typ: 'JWT' } }, undecodable],
        [{ header: { alg: 'RS256', typ: 'JWT' } }, undecodable],
        [{ claims: { ...claims, iat: now - 20, exp: now - 10 } }, { code: 'PGRST303', message: 'JWT expired' }],
        [{ claims: { ...claims, iat: now + 60 } }, { code: 'PGRST303', message: 'JWT issued at future' }],
        [{ claims: { ...claims, nbf: now + 60 } }, undecodable],
        [{ claims: { ...claims, role: 'anon' } }, { code: '42501' }],
        [{ claims: { ...claims, role: undefined } }, { code: '42501' }],
      ];
      for (const [forged, body] of cases) {
        expect(await ask(way, firstRequest, forge(forged))).toMatchObject({ status: 401, body });
      }
    });

    test('a token of another role or of nobody opens nothing', async () => {
      const service = forge({ claims: { ...claims, role: 'service_role' } });
      expect(await ask(way, firstRequest, service)).toMatchObject({ status: 403, body: { code: '42501' } });
      for (const sub of [undefined, '', 'nobody', null]) {
        const nobody = forge({ claims: { ...claims, sub } });
        expect(await ask(way, firstRequest, nobody)).toMatchObject({ status: 401, body: { code: 'auth' } });
      }
      const stranger = forge({ claims: { ...claims, sub: conversationId(99) } });
      expect(await ask(way, firstRequest, stranger)).toMatchObject({ status: 410, body: { code: 'gone' } });
    });

    test('without a token or with a wrong key nobody syncs', async () => {
      expect(await ask(way, firstRequest, null)).toMatchObject({ status: 401, body: { code: '42501' } });
      for (const authorization of ['', 'Bearer', 'Bearer a.b', 'Basic eDp5', `bearer ${ann.token}`]) {
        const body = JSON.stringify({ request: firstRequest });
        expect((await askRaw(way, body, { authorization })).status).toBe(401);
      }
      const wrong = await askRaw(way, JSON.stringify({ request: firstRequest }), { apikey: 'sb_publishable_wrong' });
      expect([wrong.status, wrong.body.message]).toEqual([401, 'Invalid API key']);
    });

    test('a body that is no request changes nothing, says 400 or 404, and is nowhere in what the server prints', async () => {
      const before = await titles(ann);
      const poison = 'a private thought';
      const good = JSON.stringify({ request: await writing(5, poison) });
      const broken: [body: string, status: number, more?: Record<string, string>][] = [
        [good.slice(0, -1), 400],
        [good.replace(poison, `${poison} \\u0000`), 400],
        [good.replace(poison, `${poison} \\ud800`), 400],
        [good.replace(poison, `${poison} \\udc00\\ud800`), 400],
        [good.replace('"limit":100', '"limit":1e400000'), 400],
        [good, 400, { 'content-type': 'text/plain' }],
        [`[${good}]`, 400],
        ['', 404],
        [JSON.stringify({ request: `${poison} \ud800` }), 400],
        [JSON.stringify({ request: `${poison} \0` }), 400],
        [JSON.stringify({ request: poison }), 400],
        [good, 406, { 'content-profile': 'atlas' }],
        [good, 406, { accept: 'text/html' }],
      ];
      for (const [body, status, more] of broken) {
        expect([body.slice(0, 200), more, (await askRaw(way, body, more)).status]).toEqual([
          body.slice(0, 200),
          more,
          status,
        ]);
      }
      expect(await titles(ann)).toEqual(before);
      expect(atlas.output()).not.toContain('private thought');
    });

    test('a body nested deeper than anybody reads changes nothing', async () => {
      const before = await titles(ann);
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const { status } = await askRaw(way, `{"request":{"v":1,"ops":${deep}}}`);
      expect(status).toBe(way === 'short' ? 400 : 500);
      expect(await titles(ann)).toEqual(before);
    });

    test('a body of more than 10 MB is refused', async () => {
      const large = JSON.stringify({ request: { ...firstRequest, ops: ['a'.repeat(10_000_000)] } });
      expect(await askRaw(way, large)).toMatchObject({ status: 413, body: { is: 'refused', code: 'too-large' } });
      const nearly = JSON.stringify({ request: { ...firstRequest, ops: ['a'.repeat(9_000_000)] } });
      expect((await askRaw(way, nearly)).status).toBeGreaterThanOrEqual(400);
    });

    test('people who sync at the same moment each see their own', async () => {
      const people = await Promise.all([1, 2, 3, 4].map((i) => signUp(atlas.address, `${way}${i}@example.org`)));
      for (const person of people) {
        const { body: first } = await person.sync(firstRequest);
        const clock = makeClock(first.time, 1, device);
        const set = { title: [person.email, clock], trashed: [false, clock] };
        const op = { kind: 'conversation', id: conversationId(1), origin: 'live', made: {}, set };
        await person.sync({ ...firstRequest, epoch: first.epoch, cursor: first.cursor, ops: [op] });
      }
      const seen = await Promise.all(
        Array.from({ length: 120 }, async (_, i) => {
          const person = people[i % people.length] ?? ann;
          const { body } = await ask(i % 3 === 0 ? 'generic' : way, firstRequest, person.token);
          return [person.email, ...body.changes.map((row: { title: string }) => row.title)];
        }),
      );
      for (const [email, ...found] of seen) expect(found).toEqual([email]);
    });
  });

  test('both ways answer the same', async () => {
    const push = await writing(7, 'Twice');
    const requests = [
      push,
      push,
      firstRequest,
      { ...push, ops: [], cursor: { seq: 1, floor: null } },
      { ...push, limit: 0 },
    ];
    for (const request of requests) {
      const [short, generic] = [await ask('short', request), await ask('generic', request)];
      expect([short.way, generic.way]).toEqual(['short', 'generic']);
      const { time: _short, ...shortBody } = short.body;
      const { time: _generic, ...genericBody } = generic.body;
      expect([short.status, shortBody]).toEqual([generic.status, genericBody]);
    }
  });

  test.each<[what: string, more: Record<string, string>]>([
    ['another form of body', { 'content-type': 'application/json; charset=latin1' }],
    ['another form of answer', { accept: 'application/vnd.pgrst.object+json' }],
    ['a wish', { prefer: 'return=minimal' }],
    ['a range', { range: '0-1' }],
  ])('a request with %s goes the generic way', async (_what, more) => {
    const answer = await askRaw('short', JSON.stringify({ request: firstRequest }), more);
    expect(answer.way).toBe('generic');
  });

  test('a long answer is compressed as the other side wishes', async () => {
    await ask('short', await writing(8, 'Long '.repeat(39)));
    for (const encoding of ['br', 'gzip']) {
      const answer = await askRaw('short', JSON.stringify({ request: firstRequest }), { 'accept-encoding': encoding });
      expect(answer.headers.get('content-encoding')).toBe(encoding);
      expect(answer.body.changes.length).toBeGreaterThan(1);
    }
  });
});

const purge = { kind: 'conversation', origin: 'live', purge: true };
const writingWithBadTitle = { ...firstRequest, ops: [{ ...purge, id: 'no id' }] };
