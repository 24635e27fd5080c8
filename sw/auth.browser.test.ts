import { afterEach, expect, test, vi } from 'vitest';
import { createAccount, signInWithPassword } from './auth.ts';
import { config } from './testing/parts.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function answering(...answers: (() => Response | Promise<Response>)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: string | URL | Request) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    asked.push(pathname);
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new Error(`asked once too often: ${pathname}`);
    return answer();
  });
  return asked;
}

function no(status: number, code: string, msg = code) {
  return () => Response.json({ code, error_code: code, msg }, { status });
}

function signedIn(): Response {
  const user = { id: 'id-ann', email: 'ann@example.org' };
  return Response.json({ access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 3_600, user });
}

const said: [status: number, code: string, error: string, message?: string][] = [
  [400, 'validation_failed', 'bad-email', 'Unable to validate email address: invalid format'],
  [400, 'email_address_invalid', 'bad-email'],
  [400, 'validation_failed', 'server', 'Signup requires a valid password'],
  [422, 'weak_password', 'weak-password'],
  [429, 'over_email_send_rate_limit', 'throttled'],
  [429, 'anything', 'throttled'],
  [500, 'unexpected_failure', 'server'],
  [418, 'anything', 'server'],
];

for (const [status, code, error, message] of said) {
  test(`no account for ${status} ${message ?? code} is said as ${error}`, async () => {
    answering(no(status, code, message));
    expect(await createAccount(config, 'ann@example.org', 'secret')).toEqual({ is: 'failed', error });
  });
}

test('a sign-in that is refused is told from one that never arrived', async () => {
  answering(no(400, 'invalid_credentials'));
  expect(await signInWithPassword(config, 'ann', 'x')).toEqual({ is: 'failed', error: 'wrong-password' });
  answering(no(400, 'validation_failed', 'Invalid email'));
  expect(await signInWithPassword(config, 'ann', 'x')).toEqual({ is: 'failed', error: 'bad-email' });
  answering(no(400, 'email_not_confirmed'));
  expect(await signInWithPassword(config, 'ann', 'x')).toEqual({ is: 'failed', error: 'confirm-email' });
  answering(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await signInWithPassword(config, 'ann', 'x')).toEqual({ is: 'failed', error: 'offline' });
});

test('an account whose first answer was lost is signed in to with the same password, and with no other', async () => {
  const taken = no(422, 'user_already_exists');
  const asked = answering(taken, signedIn);
  expect(await createAccount(config, 'ann@example.org', 'secret')).toMatchObject({ is: 'signed-in' });
  expect(asked).toEqual(['/auth/v1/signup', '/auth/v1/token']);
  answering(taken, no(400, 'invalid_credentials'));
  expect(await createAccount(config, 'ann@example.org', 'guess')).toEqual({ is: 'failed', error: 'email-taken' });
});
