import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Called } from '../database/database.ts';
import { type HttpServer, listen } from '../http/http-server.ts';
import { Refusal } from '../refusal.ts';
import { forgeToken } from '../testing/forge-token.ts';
import { answerSync, syncPath } from './sync-requests.ts';

/** What the database does with the next call. */
let database: () => Promise<Called>;
let running = 0;
let calls: [claims: string, body: string][] = [];
let generic: (string | undefined)[] = [];
let pokes: string[] = [];
let said = '';
let server: HttpServer;

beforeAll(async () => {
  const listening = await listen(null, 0);
  if (listening instanceof Refusal) throw new Error(listening.sentence);
  server = listening;
  server.open(
    answerSync({
      database: {
        lanes: 2,
        callSync: (claims, body) => {
          calls.push([claims, body]);
          return database();
        },
      },
      publishableKey: 'key',
      jwtSecret: 'secret',
      meter: { begin: () => () => undefined, running: () => running, read: () => ({ use: 0, medianMs: null }) },
      generic: async (_url, _request, response, body) => {
        generic.push(body?.toString());
        response.end('{"by":"generic"}');
      },
      poked: (text) => void pokes.push(text),
    }),
  );
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.close();
});
beforeEach(() => {
  database = async () => ({ status: 200, body: '{"is":"synced"}', poke: null });
  [calls, generic, pokes, running, said] = [[], [], [], 0, ''];
});

const second = Math.floor(Date.now() / 1_000);
const sub = '01900000-0000-7000-8000-000000000001';
const claims = { sub, role: 'authenticated', aud: 'authenticated', iat: second, exp: second + 3_600 };
const body = '{"request":{"text":"a private thought"}}';

async function ask(): Promise<{ status: number; body: unknown }> {
  const authorization = `Bearer ${forgeToken({ secret: 'secret', claims })}`;
  const headers = { apikey: 'key', 'content-type': 'application/json', authorization };
  const answer = await fetch(server.address + syncPath, { method: 'POST', headers, body });
  return { status: answer.status, body: await answer.json() };
}

function failing(code?: string) {
  database = () => Promise.reject(Object.assign(new Error('a private thought'), code === undefined ? {} : { code }));
}

test('the database is asked once, with the claims as they were signed and the body as it came', async () => {
  expect(await ask()).toEqual({ status: 200, body: { is: 'synced' } });
  expect(calls).toEqual([[JSON.stringify(claims), body]]);
  expect(generic).toEqual([]);
  expect(pokes).toEqual([]);
});

test('what the devices of the user are to be told is passed on with the answer', async () => {
  database = async () => ({ status: 200, body: '{"is":"synced"}', poke: '{"seq":1}' });
  expect((await ask()).status).toBe(200);
  expect(pokes).toEqual(['{"seq":1}']);
});

test.each([
  '57014',
  '55P03',
  '40P01',
  '53300',
  '08006',
  '57P01',
  'CONNECTION_CLOSED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
])('when the database has no time or is away (%s), a device is asked to come again', async (code) => {
  failing(code);
  expect(await ask()).toMatchObject({ status: 503, body: { is: 'refused', code: 'busy', retryAfter: 5 } });
  expect(said).toContain(code);
  expect(said).not.toContain('private thought');
});

test('that is said once, and again only after it went well in between', async () => {
  database = async () => ({ status: 200, body: '{}', poke: null });
  await ask();
  failing('57014');
  for (let i = 0; i < 3; i++) await ask();
  expect(said.match(/57014/g)).toHaveLength(1);
});

test.each(['22003', '22P02', '54001'])("values that no database takes (%s) are the request's fault", async (code) => {
  failing(code);
  expect(await ask()).toMatchObject({ status: 400, body: { is: 'refused', code: 'bad-request' } });
  expect(said).toBe('');
});

test.each(['42883', '42501', 'P0001'])(
  'what the generic way may say better (%s) it is handed, with the body',
  async (code) => {
    failing(code);
    expect(await ask()).toMatchObject({ body: { by: 'generic' } });
    expect(generic).toEqual([body]);
  },
);

test('what nobody expected is told to who runs it, and the device comes again', async () => {
  failing();
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'busy' } });
  expect(said).toContain('A request failed');
  expect(said).not.toContain('private thought');
});

test('when very many wait already, the next is sent away before it costs anything', async () => {
  running = 502;
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'busy', retryAfter: 5 } });
  expect(calls).toEqual([]);
});
