import { createClient } from '@supabase/supabase-js';
import * as v from 'valibot';
import { AnswerSchema, RefusedSchema, type SyncRequest } from '../contract/wire.ts';
import { accessFor, renew } from './access-token.ts';
import type { Sent, Server } from './engine/ports.ts';
import { knownConfig, learnConfig } from './server-config.ts';
import type { Registry, ServerConfig } from './store/registry.ts';

/** How long one request may take, its answer included. */
const deadlineMs = 20_000;

/** The real server, through supabase-js: one request per call, one more if the token had to be renewed. */
export function syncServer(registry: Registry): Server {
  return {
    async sync(request, user, serverTime) {
      const config = (await knownConfig(registry)) ?? (await learnConfig(registry));
      if (config === null) return { is: 'no-answer', lost: false };
      const access = await accessFor(registry, config, user, serverTime);
      if (access.is !== 'open') return notOpen(access.is);
      const sent = await post(config, access.session.accessToken, request);
      if (sent.is !== 'refused' || sent.status !== 401) return sent;
      const renewed = await renew(registry, config, access.session);
      return renewed.is === 'open' ? post(config, renewed.session.accessToken, request) : notOpen(renewed.is);
    },
  };
}

function notOpen(is: 'signed-out' | 'unreachable'): Sent {
  return is === 'signed-out' ? { is } : { is: 'no-answer', lost: false };
}

async function post({ supabaseUrl, publishableKey }: ServerConfig, token: string, request: SyncRequest): Promise<Sent> {
  const deadline = AbortSignal.timeout(deadlineMs);
  let answerBegan = false;
  const client = createClient(supabaseUrl, publishableKey, {
    // Only ever this token: without one the library would ask as nobody, and get an empty answer for a good one.
    accessToken: async () => token,
    global: {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        answerBegan = true;
        return response;
      },
    },
  });
  const { data, error, status } = await client.rpc('sync', { request }).abortSignal(deadline);
  const at = Date.now();
  if (status === 0) return { is: 'no-answer', lost: deadline.aborted || answerBegan };
  if (error !== null || status >= 400) return refusal(status, error);
  const answer = v.safeParse(AnswerSchema, data);
  return answer.success ? { is: 'answered', answer: answer.output, at } : { is: 'unreadable' };
}

function refusal(status: number, body: unknown): Sent {
  const said = v.safeParse(RefusedSchema, body);
  if (!said.success) return { is: 'refused', status, code: '', retryAfter: null };
  return { is: 'refused', status, code: said.output.code, retryAfter: said.output.retryAfter ?? null };
}
