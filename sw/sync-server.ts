import * as v from 'valibot';
import type { SessionRecord } from '../contract/database.ts';
import { AnswerSchema, RefusedSchema, type SyncRequest } from '../contract/wire.ts';
import { type Access, accessFor, isFresh, renew } from './access-token.ts';
import type { Outcome, Patience, Sent, Server } from './engine/ports.ts';
import { knownConfig, learnConfig } from './server-config.ts';
import type { Registry, ServerConfig } from './store/registry.ts';
import { callServer } from './sync-call.ts';

/** The real server, through supabase-js: one request per call, one more if the token had to be renewed. */
export function syncServer(registry: Registry): Server {
  /** Where the server is and what it lets us in with, for as long as it answers to that. */
  let config: ServerConfig | null = null;
  let session: SessionRecord | null = null;

  async function access(where: ServerConfig, user: string, serverTime: number | null): Promise<Access> {
    if (session?.user.id === user && isFresh(session, serverTime)) return { is: 'open', session };
    const found = await accessFor(registry, where, user, serverTime);
    session = found.is === 'open' ? found.session : null;
    return found;
  }

  return {
    async sync(request, user, serverTime, patience) {
      config ??= (await knownConfig(registry)) ?? (await learnConfig(registry));
      if (config === null) return { is: 'no-answer', lost: false };
      const found = await access(config, user, serverTime);
      const where = config;
      const sent: Sent =
        found.is === 'open'
          ? await sendAs(registry, where, found.session, (token) => post(where, token, request, patience))
          : notOpen(found.is);
      if (sent.is !== 'answered') {
        config = null;
        session = null;
      }
      return sent;
    },
  };
}

type NotAnswered = Exclude<Outcome, { is: 'answered' }>;

/** Sends with this session's token, and once more with a new one where that was not taken. */
export async function sendAs<S extends { is: string }>(
  registry: Registry,
  config: ServerConfig,
  session: SessionRecord,
  post: (token: string) => Promise<S | NotAnswered>,
): Promise<S | NotAnswered> {
  const sent = await post(session.accessToken);
  if (!('status' in sent) || sent.status !== 401) return sent;
  const renewed = await renew(registry, config, session);
  return renewed.is === 'open' ? post(renewed.session.accessToken) : notOpen(renewed.is);
}

export function notOpen(is: 'signed-out' | 'unreachable'): NotAnswered {
  return is === 'signed-out' ? { is } : { is: 'no-answer', lost: false };
}

async function post(config: ServerConfig, token: string, request: SyncRequest, patience: Patience): Promise<Sent> {
  // An account that was left meanwhile sends nothing any more.
  if (patience.stop.stopped) return { is: 'no-answer', lost: false };
  const { status, data, error, took, late, began } = await callServer('sync', config, token, request, patience);
  const at = Date.now();
  if (status === 0) return { is: 'no-answer', lost: late || began, ...(late ? { late } : {}), took };
  if (error !== null || status >= 400) return { ...refusal(status, error), took };
  const answer = v.safeParse(AnswerSchema, data);
  return answer.success ? { is: 'answered', answer: answer.output, at, took } : { is: 'unreadable', took };
}

/** What a status of 400 or more means, with what its body says. */
export function refusal(status: number, body: unknown): NotAnswered {
  const said = v.safeParse(RefusedSchema, body);
  if (!said.success) return { is: 'refused', status, code: '', retryAfter: null };
  return { is: 'refused', status, code: said.output.code, retryAfter: said.output.retryAfter ?? null };
}
