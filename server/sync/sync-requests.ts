import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Called, Database } from '../database/database.ts';
import { refuse } from '../http/answer.ts';
import type { Answer } from '../http/http-server.ts';
import { bodyBytesMost, receiveBody } from '../http/request-body.ts';
import { sendJson } from '../http/send-json.ts';
import { logErrorsOnce } from '../log.ts';
import { verifiedClaims } from './access-token.ts';
import { judgeBody } from './sync-body.ts';
import { syncFailure } from './sync-failure.ts';
import type { SyncMeter } from './sync-meter.ts';

export interface SyncServices {
  database: Pick<Database, 'callSync' | 'lanes'>;
  publishableKey: string;
  jwtSecret: string;
  meter: SyncMeter;
  generic: GenericAnswer;
  /** Takes what the database wants the user's devices to be told. */
  poked(said: string): void;
}

/** Answers as the embedded Supabase does, a request whose body is still to come or was read. */
export type GenericAnswer = (
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  body?: Buffer<ArrayBuffer>,
) => Promise<void>;

export const syncPath = '/rest/v1/rpc/sync';

/** Requests that wait for a lane beyond this number are sent away, before they cost memory and patience. */
const waitingMost = 500;
const retryAfter = 5;

/**
 * The short way for the one request that comes all the time: token verified here, one statement, its text passed on.
 * Whatever is not exactly such a request goes the generic way, which also says what is wrong with it.
 */
export function answerSync({ database, publishableKey, jwtSecret, meter, generic, poked }: SyncServices): Answer {
  const log = logErrorsOnce('Sync does not reach the database');
  return async (url, request, response) => {
    if (!isOrdinary(url, request, publishableKey)) return generic(url, request, response);
    const claims = verifiedClaims(request.headers.authorization, jwtSecret, Date.now());
    if (claims === null) return generic(url, request, response);
    if (meter.running() >= database.lanes + waitingMost) return refuseBusy(response);
    const body = await receiveBody(request, response, bodyBytesMost);
    if (body === null) return;
    const text = body.toString('utf8');
    const judged = judgeBody(text);
    if (judged === 'other') return generic(url, request, response, body);
    if (judged === 'unstorable')
      return refuse(response, 400, 'bad-request', 'The request holds text or depths that nobody can store.');

    const called = await call(text, claims);
    if (called === 'busy') return refuseBusy(response);
    if (called === 'bad-request')
      return refuse(response, 400, 'bad-request', 'The request holds values nobody can store.');
    if (called === 'other') return generic(url, request, response, body);
    await sendJson(request, response, called.status, called.body);
  };

  async function call(text: string, claims: string): Promise<Called | 'busy' | 'bad-request' | 'other'> {
    const ended = meter.begin();
    try {
      const called = await database.callSync(claims, text);
      log.well();
      if (called.poke !== null) poked(called.poke);
      return called;
    } catch (error) {
      const failure = syncFailure(error);
      if (failure === null) throw error;
      if (failure === 'busy') log.failed(error);
      return failure;
    } finally {
      ended();
    }
  }
}

/** Made as supabase-js makes it, without anything that the generic way would heed. */
function isOrdinary(url: URL, { method, headers }: IncomingMessage, publishableKey: string): boolean {
  return (
    method === 'POST' &&
    url.pathname === syncPath &&
    url.search === '' &&
    headers.apikey === publishableKey &&
    /^application\/json(; *charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    /^(\*\/\*|application\/json)$/.test(headers.accept ?? '*/*') &&
    (headers['content-profile'] ?? 'public') === 'public' &&
    [headers.prefer, headers.range, headers['accept-profile'], headers['content-encoding']].every(isAbsent)
  );
}

function isAbsent(header: unknown): boolean {
  return header === undefined;
}

function refuseBusy(response: ServerResponse): void {
  refuse(response, 503, 'busy', 'The server is busy.', retryAfter);
}
