import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, secretKey, signUp } from '../../server/testing/ask-atlas.ts';
import { type RunningAtlas, startAtlas } from '../../server/testing/start-atlas.ts';
import { migrations } from './database.ts';

const firstRequest = { v: 1, device: 'testdevice01', epoch: null, cursor: null, ops: [], limit: 100 };

/** What the tests of the database say of roles holds for the server that is reached over HTTP too. */
describe('over HTTP', () => {
  let atlas: RunningAtlas;
  let ann: Person;
  let ways: [who: string, headers: Record<string, string>][];
  let sql: string;
  beforeAll(async () => {
    atlas = await startAtlas();
    ann = await signUp(atlas.address, 'ann@example.org');
    const { publishableKey } = (await (await fetch(`${atlas.address}/config.json`)).json()) as {
      publishableKey: string;
    };
    const secret = await secretKey(atlas.dataDir);
    ways = [
      ['without a key', {}],
      ['with the key of the app', { apikey: publishableKey }],
      ['with an account', { apikey: publishableKey, authorization: `Bearer ${ann.token}` }],
      ['with the secret key', { apikey: secret }],
    ];
    sql = (await migrations()).map((migration) => migration.sql).join('\n');
  });
  afterAll(() => atlas?.stop());

  const names = (pattern: RegExp) => [...new Set([...sql.matchAll(pattern)].map((match) => String(match[1])))];

  async function ask(method: string, path: string, headers: Record<string, string>, body?: unknown) {
    const json = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(atlas.address + path, {
      method,
      headers: json,
      body: body ? JSON.stringify(body) : null,
    });
    return { status: answer.status, text: await answer.text() };
  }

  test('nobody reads or writes a table, whatever key, verb or schema he names', async () => {
    const tables = names(/create table atlas\.(\w+)/g);
    expect(tables).toContain('messages');
    for (const [who, headers] of ways) {
      for (const table of tables) {
        for (const profile of ['', 'atlas']) {
          const named = profile === '' ? {} : { 'accept-profile': profile, 'content-profile': profile };
          for (const [method, body] of [
            ['GET', undefined],
            ['POST', { user_id: crypto.randomUUID() }],
            ['PATCH', { seq: 1 }],
            ['DELETE', undefined],
          ] as const) {
            const path = `/rest/v1/${table}${method === 'PATCH' || method === 'DELETE' ? '?seq=gte.0' : ''}`;
            const { status, text } = await ask(method, path, { ...headers, ...named }, body);
            const what = `${method} ${path} ${who} ${profile}: ${text.slice(0, 200)}`;
            expect(status, what).toBeGreaterThanOrEqual(400);
            expect(status, what).toBeLessThan(500);
          }
        }
      }
    }
  });

  test('nobody calls what is behind the functions meant for clients', async () => {
    const moved = names(/alter function atlas\.(\w+)\([^)]*\) set schema public/g);
    const inner = names(/create (?:or replace )?function atlas\.(\w+)/g).filter((name) => !moved.includes(name));
    const outer = names(/create (?:or replace )?function public\.(\w+)/g);
    expect(inner).toContain('push');
    for (const [who, headers] of ways) {
      for (const name of inner.filter((one) => !outer.includes(one))) {
        for (const profile of [{}, { 'content-profile': 'atlas' }]) {
          const { status, text } = await ask(
            'POST',
            `/rest/v1/rpc/${name}`,
            { ...headers, ...profile },
            { me: crypto.randomUUID() },
          );
          expect(status, `${name} ${who}: ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
          expect(status, `${name} ${who}: ${text.slice(0, 200)}`).toBeLessThan(500);
        }
      }
    }
  });

  test('nobody but the operator calls a function of the operator', async () => {
    const operators: [string, object][] = [
      ['set_tier', { email: 'ann@example.org', tier: 'free' }],
      ['set_default_tier', { tier: 'free' }],
      ['open_epoch', {}],
    ];
    for (const [name, body] of operators) {
      for (const [who, headers] of ways.slice(0, 3)) {
        const { status } = await ask('POST', `/rest/v1/rpc/${name}`, headers, body);
        expect([401, 403, 404], `${name} ${who}`).toContain(status);
      }
    }
    expect((await ann.sync(firstRequest)).body).toMatchObject({ is: 'synced', policy: { tier: 'studio' } });
  });

  describe('a token', () => {
    /** As the server makes them, but for what is changed. */
    async function forge(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }, key?: string): Promise<string> {
      const own = JSON.parse(Buffer.from(String(ann.token.split('.')[1]), 'base64url').toString());
      const { jwtSecret } = JSON.parse(await readFile(join(atlas.dataDir, 'keys.json'), 'utf8'));
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const signed = `${encode(header)}.${encode({ ...own, ...claims })}`;
      return `${signed}.${createHmac('sha256', key ?? jwtSecret)
        .update(signed)
        .digest('base64url')}`;
    }
    const now = () => Math.floor(Date.now() / 1_000);

    async function sync(token: string) {
      const [, key] = ways[1] ?? ['', {}];
      return ask('POST', '/rest/v1/rpc/sync', { ...key, authorization: `Bearer ${token}` }, { request: firstRequest });
    }

    test('made the way these tests make them is a good one when nothing is changed', async () => {
      expect((await sync(await forge({}))).status).toBe(200);
    });

    test.each<[string, () => Promise<string>]>([
      ['that has expired', () => forge({ exp: now() - 3_600, iat: now() - 7_200 })],
      ['signed with another key', () => forge({}, undefined, 'x'.repeat(64))],
      ['signed with the key of the app', () => forge({}, undefined, ways[1]?.[1].apikey)],
      ['that says it needs no signature', () => forge({}, { alg: 'none', typ: 'JWT' })],
      ['without a signature', async () => `${(await forge({})).split('.').slice(0, 2).join('.')}.`],
      ['whose user was changed after signing', async () => changed(ann.token, { sub: crypto.randomUUID() })],
      ['whose role was changed after signing', async () => changed(ann.token, { role: 'service_role' })],
      ['that is none', async () => 'let me in'],
      ['that is empty', async () => ''],
    ])('%s is refused', async (_, make) => {
      const { status, text } = await sync(await make());
      expect(status, text.slice(0, 200)).toBe(401);
    });

    test('of an account that was never made gets nothing, and makes none', async () => {
      expect((await sync(await forge({ sub: crypto.randomUUID() }))).status).toBe(410);
    });
  });
});

function changed(token: string, claims: object): string {
  const [header, body, signature] = token.split('.');
  const own = JSON.parse(Buffer.from(String(body), 'base64url').toString());
  return [header, Buffer.from(JSON.stringify({ ...own, ...claims })).toString('base64url'), signature].join('.');
}
