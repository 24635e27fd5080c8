import { type AuthError, createClient, type Session } from '@supabase/supabase-js';
import * as v from 'valibot';
import type { SessionRecord } from '../contract/database.ts';
import type { CommandError } from '../contract/page-messages.ts';
import type { ServerConfig } from './store/registry.ts';

const deadlineMs = 15_000;

export type SignedIn = { is: 'signed-in'; session: SessionRecord } | { is: 'failed'; error: CommandError };

/** `refused`: the server does not take this refresh token any more; `unreachable`: nothing is known. */
export type Refreshed = { is: 'refreshed'; session: SessionRecord } | { is: 'refused' } | { is: 'unreachable' };

/** An answer of ours in place of one that did not come: the library neither retries nor logs it. */
function noAnswer(code: 'no_network' | 'server_trouble'): Response {
  return Response.json({ code, error_code: code, message: code }, { status: 499 });
}

async function fetchOnce(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(deadlineMs) });
    return response.status >= 500 ? noAnswer('server_trouble') : response;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return noAnswer('no_network');
    throw error;
  }
}

function authOf({ supabaseUrl, publishableKey }: ServerConfig) {
  return createClient(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: fetchOnce },
  }).auth;
}

function recordOf(session: Session, email: string): SessionRecord {
  return {
    user: { id: session.user.id, email: session.user.email ?? email },
    accessToken: session.access_token,
    refreshToken: session.refresh_token,
    expiresAt: session.expires_at ?? 0,
  };
}

const errors: Record<string, CommandError> = {
  no_network: 'offline',
  server_trouble: 'server',
  invalid_credentials: 'wrong-password',
  email_not_confirmed: 'confirm-email',
  user_already_exists: 'email-taken',
  email_exists: 'email-taken',
  weak_password: 'weak-password',
  email_address_invalid: 'bad-email',
  over_request_rate_limit: 'throttled',
  over_email_send_rate_limit: 'throttled',
};

function failed(error: AuthError | null, otherwise: CommandError): SignedIn {
  if (error?.status === 429) return { is: 'failed', error: 'throttled' };
  // The same code is given for a password; only the words tell.
  const isEmail = error?.code === 'validation_failed' && /e-?mail/i.test(error.message);
  if (isEmail) return { is: 'failed', error: 'bad-email' };
  return { is: 'failed', error: errors[error?.code ?? ''] ?? otherwise };
}

/** Signs in with a password. */
export async function signInWithPassword(config: ServerConfig, email: string, password: string): Promise<SignedIn> {
  const { data, error } = await authOf(config).signInWithPassword({ email, password });
  if (data.session) return { is: 'signed-in', session: recordOf(data.session, email) };
  return failed(error, error?.status === 400 ? 'wrong-password' : 'server');
}

/** Creates an account. One that exists with this very password is signed in to: the first answer may have been lost. */
export async function createAccount(config: ServerConfig, email: string, password: string): Promise<SignedIn> {
  const { data, error } = await authOf(config).signUp({ email, password });
  if (data.session) return { is: 'signed-in', session: recordOf(data.session, email) };
  if (error === null) return { is: 'failed', error: 'confirm-email' };
  const refused = failed(error, 'server');
  if (refused.is !== 'failed' || refused.error !== 'email-taken') return refused;
  const known = await signInWithPassword(config, email, password);
  return known.is === 'failed' && known.error === 'wrong-password' ? refused : known;
}

const TokensSchema = v.object({
  access_token: v.string(),
  refresh_token: v.string(),
  expires_at: v.optional(v.number()),
  user: v.object({ id: v.string(), email: v.optional(v.string()) }),
});
const RefusalSchema = v.union([
  v.object({ error_code: v.string() }),
  v.object({ code: v.string() }),
  v.object({ error: v.literal('invalid_grant') }),
]);

/**
 * Asks for new tokens, with exactly one request: the library would ask again and again, and tells a session that has ended
 * no different from an answer without one.
 */
export async function refreshTokens(config: ServerConfig, session: SessionRecord): Promise<Refreshed> {
  const response = await fetchOnce(`${config.supabaseUrl}/auth/v1/token?grant_type=refresh_token`, {
    method: 'POST',
    headers: { apikey: config.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: session.refreshToken }),
  });
  const said = await jsonOf(response);
  // Only a definite no of the auth server ends a session: not a broken network, not a broken server, not a login page in between.
  if (!response.ok) {
    const definite = [400, 401, 403].includes(response.status) && v.is(RefusalSchema, said);
    return { is: definite ? 'refused' : 'unreachable' };
  }
  if (!v.is(TokensSchema, said) || said.user.id !== session.user.id) return { is: 'unreachable' };
  const { access_token: accessToken, refresh_token: refreshToken, expires_at: expiresAt, user } = said;
  const email = user.email ?? session.user.email;
  // Without a word on its end the token is used until the server refuses it.
  const end = expiresAt ?? Number.MAX_SAFE_INTEGER;
  return { is: 'refreshed', session: { user: { id: user.id, email }, accessToken, refreshToken, expiresAt: end } };
}

/** null where the body is none, or broke off. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

/** Tells the server that this session has ended. Unheard, it ends there when its tokens expire. */
export async function endSession(config: ServerConfig, session: SessionRecord): Promise<void> {
  await authOf(config).admin.signOut(session.accessToken, 'local');
}
