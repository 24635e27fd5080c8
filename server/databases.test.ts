import { rm } from 'node:fs/promises';
import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerSchema, RefusedSchema, SyncedSchema } from '../contract/wire.ts';
import {
  type Answered,
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

test('the server looks after its database: what is old goes at the start, and the load is noted all the time', async () => {
  const sql = postgres(operators.url);
  const first = await startAtlas({ env: { DATABASE_URL: operators.url } });
  const person = await signUp(first.address, 'timers@example.org');
  await person.sync(firstRequest);
  await first.stop();
  await sql`
    insert into atlas.devices (user_id, device, first_seen, last_seen)
    select id, 'longunused00', now() - interval '500 days', now() - interval '450 days'
    from auth.users where email = ${person.email}`;
  const unused = () => sql`select from atlas.devices where device = 'longunused00'`;
  const noted = async () => (await sql`select noted_at::text as at from atlas.load`)[0]?.at;
  expect(await unused()).toHaveLength(1);
  const before = await noted();

  const second = await startAtlas({ env: { DATABASE_URL: operators.url } });
  await expect.poll(unused, { timeout: 20_000 }).toHaveLength(0);
  await expect.poll(noted, { timeout: 20_000 }).not.toBe(before);
  const atStart = await noted();
  await expect.poll(noted, { timeout: 30_000 }).not.toBe(atStart);
  const [load] = await sql`select connections, connections_most as most from atlas.load`;
  expect(load?.connections / load?.most).toBeGreaterThan(0);
  expect(load?.connections / load?.most).toBeLessThan(0.8);
  expect(second.output()).not.toMatch(/Maintenance|load could not/);
  await second.stop();
  await sql.end();
});

test('where users may not call sync, there is no short way around that', async () => {
  const sql = postgres(operators.url);
  await sql`revoke execute on function public.sync(json) from authenticated`;
  const atlas = await startAtlas({ env: { DATABASE_URL: operators.url } });
  const person = await signUp(atlas.address, 'nobody@example.org');
  expect(await person.sync(firstRequest)).toMatchObject({ status: 403, body: { code: '42501' } });
  expect(atlas.output()).toContain('Sync takes the longer way');
  await atlas.stop();
  await sql`grant execute on function public.sync(json) to authenticated`;
  await sql.end();
});

test('one person whose changes wait for a lock holds up nobody else, and is told to come again', async () => {
  const sql = postgres(operators.url);
  const atlas = await startAtlas({ env: { DATABASE_URL: operators.url } });
  const [slow, quick] = [
    await signUp(atlas.address, 'slow@example.org'),
    await signUp(atlas.address, 'quick@example.org'),
  ];
  const waiting: Promise<Answered>[] = [];
  const held = await sql.reserve();
  await held`begin`;
  await held`select from atlas.heads h join auth.users u on u.id = h.user_id where u.email = ${slow.email} for update of h`;
  for (let i = 0; i < 3; i++) waiting.push(writeConversation(slow, i, 'Held up'));
  const blocked = async () =>
    (await sql`select from pg_stat_activity where application_name = 'atlas sync' and wait_event_type = 'Lock'`).length;
  await expect.poll(blocked).toBe(3);
  const others = await Promise.all(Array.from({ length: 50 }, (_, i) => writeConversation(quick, i, `Quick ${i}`)));
  expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
  expect(await blocked()).toBe(3);

  for (const answer of await Promise.all(waiting)) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'busy', retryAfter: expect.any(Number) } });
  }
  expect(atlas.output().match(/Sync does not reach the database/g)).toHaveLength(1);
  await held`rollback`;
  held.release();
  expect((await writeConversation(slow, 1, 'At last')).status).toBe(200);
  await atlas.stop();
  await sql.end();
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
