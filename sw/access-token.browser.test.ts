import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { accessFor, renew } from './access-token.ts';
import type { Registry } from './store/registry.ts';
import { config, memoryRegistry, sessionOf } from './testing/parts.ts';

const ann = sessionOf('ann');
let asked: string[] = [];
let answer: () => Response | Promise<Response>;
let serverConfig: unknown;

function tokens(name: string, more: object = {}): Response {
  const user = { id: `id-${name}`, email: `${name}@example.org` };
  const both = { access_token: 'second-access', refresh_token: 'second-refresh' };
  return Response.json({ ...both, token_type: 'bearer', expires_in: 3_600, expires_at: 2_000_003_600, user, ...more });
}

function no(status: number, code: string): Response {
  return Response.json({ code, error_code: code, msg: code }, { status });
}

function page(status: number): Response {
  return new Response('<html>Sign in to this wireless network</html>', { status });
}

beforeEach(() => {
  asked = [];
  serverConfig = null;
  vi.stubGlobal('fetch', async (input: string | URL | Request) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    if (pathname === '/config.json') return Response.json(serverConfig);
    asked.push(pathname);
    return answer();
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a token is used as it is until shortly before its end', async () => {
  const registry = memoryRegistry(ann);
  const end = ann.expiresAt * 1_000;
  for (const time of [null, end - 3_600_000, end - 60_000]) {
    expect(await accessFor(registry, config, ann.user.id, time)).toEqual({ is: 'open', session: ann });
  }
  expect(asked).toEqual([]);
});

test('two who need a new token at once ask for one', async () => {
  answer = () => tokens('ann');
  const registry = memoryRegistry(ann);
  const end = ann.expiresAt * 1_000;
  const both = [accessFor(registry, config, ann.user.id, end), renew(registry, config, ann)];
  for (const access of await Promise.all(both)) {
    expect(access).toMatchObject({ is: 'open', session: { accessToken: 'second-access' } });
  }
  expect(asked).toEqual(['/auth/v1/token']);
  expect(await registry.session()).toMatchObject({ refreshToken: 'second-refresh', expiresAt: 2_000_003_600 });
});

test('while another version of the worker asks for new tokens this one waits, and uses what that got', async () => {
  const registry = memoryRegistry(ann);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const other = navigator.locks.request('atlas-session', async () => {
    await held;
    await registry.keepRefreshed(sessionOf('ann', 'theirs'), ann);
  });
  const mine = renew(registry, config, ann);
  release();
  expect(await mine).toEqual({ is: 'open', session: sessionOf('ann', 'theirs') });
  await other;
  expect(asked).toEqual([]);
});

const knowNothing: [what: string, answer: () => Response | Promise<Response>][] = [
  ['the network is gone', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['nothing comes before the deadline', () => Promise.reject(new DOMException('signal timed out', 'TimeoutError'))],
  ['the server has a fault', () => no(500, 'unexpected_failure')],
  ['a gateway has a fault', () => page(502)],
  ['there were too many tries', () => no(429, 'over_request_rate_limit')],
  ['a login page stands in between', () => page(200)],
  ['a login page refuses', () => page(403)],
  ['something in between says no in JSON', () => Response.json({ message: 'Blocked' }, { status: 401 })],
  ['something in between says nothing', () => Response.json({})],
  ['the answer broke off', () => new Response('{"access_token":"second-acc', { status: 200 })],
  ['the tokens are somebody else’s', () => tokens('bob')],
];

for (const [what, trouble] of knowNothing) {
  test(`nobody is signed out because ${what}`, async () => {
    const registry = memoryRegistry(ann);
    answer = trouble;
    expect(await renew(registry, config, ann)).toEqual({ is: 'unreachable' });
    expect(await registry.session()).toEqual(ann);
    expect(asked).toHaveLength(1);
  });
}

for (const [status, code] of [
  [400, 'refresh_token_not_found'],
  [400, 'refresh_token_already_used'],
  [400, 'session_expired'],
  [403, 'session_not_found'],
  [403, 'user_banned'],
] as const) {
  test(`a session ends when the server says ${code}`, async () => {
    const registry = memoryRegistry(ann);
    answer = () => no(status, code);
    expect(await renew(registry, config, ann)).toEqual({ is: 'signed-out' });
    expect(await registry.session()).toBeNull();
  });
}

test('tokens without a word on their end are used until they are refused', async () => {
  answer = () => tokens('ann', { expires_at: undefined });
  const registry = memoryRegistry(ann);
  await renew(registry, config, ann);
  expect(await accessFor(registry, config, ann.user.id, 4_000_000_000_000)).toMatchObject({ is: 'open' });
  expect(asked).toHaveLength(1);
});

test('a server that took another key is asked with that before anything is given up', async () => {
  serverConfig = { supabaseUrl: config.supabaseUrl, publishableKey: 'another key' };
  let known = config;
  const registry: Registry = {
    ...memoryRegistry(ann),
    config: async () => known,
    async keepConfig(now) {
      known = now;
    },
  };
  answer = () => (known === config ? Response.json({ message: 'Invalid API key' }, { status: 401 }) : tokens('ann'));
  expect(await renew(registry, config, ann)).toMatchObject({ is: 'open', session: { accessToken: 'second-access' } });
  expect(asked).toHaveLength(2);
});

test('new tokens that come after somebody else signed in are not theirs', async () => {
  const registry = memoryRegistry(ann);
  answer = async () => {
    await registry.signIn(sessionOf('bob', 'theirs'));
    return tokens('ann');
  };
  await renew(registry, config, ann);
  expect(await registry.session()).toEqual(sessionOf('bob', 'theirs'));
});

test('nobody’s and somebody else’s session are not used', async () => {
  expect(await accessFor(memoryRegistry(null), config, ann.user.id, null)).toEqual({ is: 'signed-out' });
  expect(await accessFor(memoryRegistry(sessionOf('bob')), config, ann.user.id, null)).toEqual({ is: 'signed-out' });
  expect(await renew(memoryRegistry(sessionOf('bob')), config, ann)).toEqual({ is: 'signed-out' });
});
