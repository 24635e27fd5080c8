import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgresServer } from '../testing/postgres-server.ts';
import { temporaryFolder } from '../testing/start-atlas.ts';
import type { Database, Row } from './database.ts';
import { startPglite } from './pglite.ts';
import { connectPostgres } from './postgres-connection.ts';

let folder: string;
let server: PostgresServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startPostgresServer(folder);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Says as whom it was called, and answers with the status it is told. */
const sayingWho = `
  create role authenticated nologin;
  grant usage on schema public to authenticated;
  create function public.sync(json) returns json language plpgsql as $$
  declare
    request constant json := $1 -> 'request';
  begin
    perform set_config('response.status', request ->> 'status', true);
    return json_build_object('user', current_user, 'claims', current_setting('request.jwt.claims')::jsonb, 'said', request -> 'said');
  end $$;
  create function public.left_behind() returns jsonb language sql as $$
    select jsonb_build_object('user', current_user, 'role', current_setting('role'),
      'claims', current_setting('request.jwt.claims', true), 'status', current_setting('response.status', true))
  $$;`;

const engines: [name: string, open: () => Promise<Database>][] = [
  ['PostgreSQL', async () => connectPostgres(server.url, 'PostgreSQL', async () => undefined)],
  ['PGlite', () => startPglite(join(folder, 'pglite'))],
];

describe.each(engines)('on %s', (_name, open) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
    await database.inTransaction((transaction) => transaction.script(sayingWho));
  });
  afterAll(() => database.stop());

  const call = async (sub: string, request: object) => {
    const { status, body } = await database.callSync(JSON.stringify({ sub }), JSON.stringify({ request }));
    return { status, ...JSON.parse(body) };
  };

  test('a call has the role of users and the claims of one, and its status is the one that was set in it', async () => {
    const said = 'Grüße \' " \\ $1 😀';
    const answer = { user: 'authenticated', claims: { sub: 'ann' }, said };
    expect(await call('ann', { said, status: '403' })).toEqual({ status: 403, ...answer });
    expect(await call('ann', { said, status: '' })).toEqual({ status: 200, ...answer });
  });

  test('calls at the same moment do not see each other', async () => {
    const people = Array.from({ length: 60 }, (_, i) => `person ${i}`);
    const answers = await Promise.all(people.map((sub, i) => call(sub, { said: i, status: String(400 + i) })));
    expect(answers.map(({ status, claims, said }) => [status, claims.sub, said])).toEqual(
      people.map((sub, i) => [400 + i, sub, i]),
    );
  });

  test('nothing of a call is left to the next one, also when it failed', async () => {
    const failing = database.callSync('{"sub":"ann"}', '{"request":{"status":"403"}, "no json');
    await expect(failing).rejects.toMatchObject({ code: '22P02' });
    // As many as there are connections, so that every one is looked at.
    const looks = Array.from({ length: database.lanes }, () => database.callSync('{}', '{"request":{"status":""}}'));
    for (const { status, body } of await Promise.all(looks)) {
      expect([status, JSON.parse(body).claims]).toEqual([200, {}]);
    }
    let left: Row[] = [];
    await database.inTransaction(async (transaction) => {
      left = await transaction.query('select public.left_behind() as left', []);
    });
    expect(left[0]?.left).toMatchObject({ role: 'none', user: 'postgres' });
    expect(Object.values(left[0]?.left ?? {}).join()).not.toMatch(/ann|403|authenticated/);
  });
});
