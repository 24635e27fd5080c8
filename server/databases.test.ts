import { rm } from 'node:fs/promises';
import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerSchema, RefusedSchema, SyncedSchema } from '../contract/wire.ts';
import {
  askAtlas,
  conversationId,
  firstRequest,
  type Person,
  secretKey,
  signIn,
  signUp,
  titles,
  writeConversation,
} from './testing/ask-atlas.ts';
import { type PostgresServer, startPostgresServer } from './testing/postgres-server.ts';
import { type RunningAtlas, startAtlas, temporaryFolder } from './testing/start-atlas.ts';

let operators: PostgresServer;
let operatorsFolder: string;

beforeAll(async () => {
  operatorsFolder = await temporaryFolder();
  operators = await startPostgresServer(operatorsFolder);
});
afterAll(async () => {
  await operators.stop();
  await rm(operatorsFolder, { recursive: true, force: true });
});

const databases: [name: string, env: () => Record<string, string>, said: RegExp][] = [
  ['embedded PostgreSQL', () => ({ ATLAS_DATABASE: 'postgres' }), /embedded PostgreSQL 18/],
  ['PGlite', () => ({ ATLAS_DATABASE: 'pglite' }), /PGlite in /],
  ["a server of the operator's", () => ({ DATABASE_URL: operators.url }), /PostgreSQL at 127\.0\.0\.1:\d+\/postgres/],
];

describe.each(databases)('on %s', (_name, env, said) => {
  let atlas: RunningAtlas;
  let person: Person;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await temporaryFolder();
    atlas = await startAtlas({ env: env(), dataDir });
    person = await signUp(atlas.address, 'ann@example.org');
  });
  afterAll(async () => {
    await atlas.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('it says so', () => {
    expect(atlas.output()).toMatch(said);
  });

  test('a new account syncs on the tier that this server gives', async () => {
    const { status, body } = await person.sync(firstRequest);
    expect(status).toBe(200);
    expect(v.parse(SyncedSchema, body).policy.tier).toBe('studio');
  });

  test('what is written comes back as it was written, whatever letters are in it', async () => {
    const title = 'Grüße "quoted" \\u0041 \u2028 日本 😀 {"a":[1]} \' -- ;';
    const { body } = await writeConversation(person, 1, title);
    expect(body.results).toMatchObject([{ id: conversationId(1), is: 'stored', seq: 1 }]);
    expect(await titles(person)).toContain(title);
  });

  test('statuses and bodies arrive as the database set them', async () => {
    const cases: [request: unknown, status: number, code: string][] = [
      [{ ...firstRequest, v: 0 }, 426, 'too-old'],
      [{ ...firstRequest, limit: 'many' }, 400, 'bad-request'],
      [[], 400, 'bad-request'],
      [5, 400, 'bad-request'],
    ];
    for (const [request, status, code] of cases) {
      const answer = await person.sync(request);
      expect([answer.status, v.parse(RefusedSchema, answer.body).code]).toEqual([status, code]);
    }
  });

  test('another epoch gets a reset answer', async () => {
    const { status, body } = await person.sync({ ...firstRequest, epoch: 'of another life' });
    expect([status, v.parse(AnswerSchema, body).is]).toEqual([200, 'reset']);
  });

  test('an account on a tier without sync is told so, and by nobody but the operator', async () => {
    const bob = await signUp(atlas.address, 'bob@example.org');
    expect((await bob.call('set_tier', { email: bob.email, tier: 'studio' })).status).toBe(403);
    const asOperator = { apikey: await secretKey(dataDir) };
    const changed = await askAtlas(
      atlas.address,
      '/rest/v1/rpc/set_tier',
      { email: bob.email, tier: 'free' },
      asOperator,
    );
    expect(changed).toEqual({ status: 200, body: true });
    const { status, body } = await bob.sync(firstRequest);
    expect([status, v.parse(RefusedSchema, body).code]).toEqual([403, 'tier']);
  });

  test('without a good token nobody syncs', async () => {
    const ask = (headers: Record<string, string>) =>
      askAtlas(atlas.address, '/rest/v1/rpc/sync', { request: firstRequest }, headers);
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${person.token}x` })).status).toBe(401);
    expect((await ask({ apikey: 'sb_publishable_wrong' })).status).toBe(401);
    expect((await ask({ apikey: '' })).status).toBe(401);
  });

  test('a wrong password, a short one and an address that is taken are refused', async () => {
    const ask = async (path: string, password: string) =>
      (await askAtlas(atlas.address, path, { email: 'ann@example.org', password })).status;
    expect(await ask('/auth/v1/token?grant_type=password', 'not this one')).toBe(400);
    expect(await ask('/auth/v1/signup', 'short')).toBe(422);
    expect(await ask('/auth/v1/signup', 'a good password')).toBe(422);
    await signIn(atlas.address, 'ann@example.org');
  });

  test('a session is renewed by its refresh token, as supabase-js does it', async () => {
    const { publishableKey } = await (await fetch(`${atlas.address}/config.json`)).json();
    const client = createClient(atlas.address, publishableKey, {
      auth: { autoRefreshToken: false, persistSession: false },
      // Node 20 has none, and the client asks for one.
      realtime: { transport: class {} as unknown as typeof WebSocket },
    });
    const wanted = { email: 'ann@example.org', password: 'a good password' };
    const first = (await client.auth.signInWithPassword(wanted)).data.session;
    expect(first?.expires_in).toBe(3_600);
    const { data } = await client.auth.refreshSession();
    expect(data.session?.refresh_token).not.toBe(first?.refresh_token);
    const { data: answer, status } = await client.rpc('sync', { request: firstRequest });
    expect([status, answer.is]).toEqual([200, 'synced']);
  });

  test('what people write is not in what the server prints, also when a request fails', async () => {
    const asOperator = { apikey: await secretKey(dataDir) };
    const failing = { email: 'a private thought', tier: 'a private thought' };
    const failed = await askAtlas(atlas.address, '/rest/v1/rpc/set_tier', failing, asOperator);
    expect(failed).toMatchObject({ status: 400, body: { code: '22023' } });
    await person.sync('a private thought');
    await person.call('no_such_function', { request: 'a private thought' });
    expect(atlas.output()).not.toContain('private thought');
  });
});

test('on a server of the operator nothing is granted but what the migrations grant', async () => {
  const sql = postgres(operators.url);
  const granted = await sql`
    select n.nspname, c.relname, r.rolname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_roles r
    where n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('r', 'p', 'v')
      and r.rolname in ('anon', 'authenticated', 'service_role')
      and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')`;
  expect([...granted]).toEqual([]);
  const defaults = await sql`select count(*)::int as n from pg_default_acl`;
  expect(defaults[0]?.n).toBe(0);
  await sql.end();
});
