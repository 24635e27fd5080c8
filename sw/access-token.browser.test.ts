import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { accessFor, renew } from './access-token.ts';
import { config, memoryRegistry, sessionOf } from './testing/parts.ts';

const ann = sessionOf('ann');
let asked = 0;
let answer: () => Response | Promise<Response>;

function renewed(): Response {
  const user = { id: ann.user.id, email: ann.user.email };
  const tokens = { access_token: 'second-access', refresh_token: 'second-refresh' };
  return Response.json({ ...tokens, token_type: 'bearer', expires_in: 3_600, expires_at: 2_000_003_600, user });
}

function no(status: number, code: string): Response {
  return Response.json({ code, error_code: code, msg: code }, { status });
}

beforeEach(() => {
  asked = 0;
  vi.stubGlobal('fetch', async () => {
    asked += 1;
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
  expect(asked).toBe(0);
});

test('two who need a new token at once ask for one', async () => {
  answer = renewed;
  const registry = memoryRegistry(ann);
  const end = ann.expiresAt * 1_000;
  const both = [accessFor(registry, config, ann.user.id, end), renew(registry, config, ann)];
  for (const access of await Promise.all(both)) {
    expect(access).toMatchObject({ is: 'open', session: { accessToken: 'second-access' } });
  }
  expect(asked).toBe(1);
  expect(await registry.session()).toMatchObject({ refreshToken: 'second-refresh' });
});

test('a session ends only when the server says so', async () => {
  const registry = memoryRegistry(ann);
  const troubles = [
    () => Promise.reject(new TypeError('Failed to fetch')),
    () => no(500, 'unexpected_failure'),
    () => no(429, 'over_request_rate_limit'),
    () => new Response('<html>Sign in to this wireless network</html>', { status: 403 }),
  ];
  for (const trouble of troubles) {
    answer = trouble;
    expect(await renew(registry, config, ann)).toEqual({ is: 'unreachable' });
    expect(await registry.session()).toEqual(ann);
  }
  answer = () => no(400, 'refresh_token_not_found');
  expect(await renew(registry, config, ann)).toEqual({ is: 'signed-out' });
  expect(await registry.session()).toBeNull();
});

test('nobody’s and somebody else’s session are not used', async () => {
  expect(await accessFor(memoryRegistry(null), config, ann.user.id, null)).toEqual({ is: 'signed-out' });
  expect(await accessFor(memoryRegistry(sessionOf('bob')), config, ann.user.id, null)).toEqual({ is: 'signed-out' });
  expect(await renew(memoryRegistry(sessionOf('bob')), config, ann)).toEqual({ is: 'signed-out' });
});
