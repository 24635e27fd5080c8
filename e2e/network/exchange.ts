import type { HttpReader } from './http-reader.ts';

/** One request as the network saw it, and what became of it. */
export interface Exchange {
  method: string;
  /** Path and query. */
  path: string;
  headers: ReadonlyMap<string, string>;
  body: string;
  /** Which connection carried it, counted from 1. */
  connection: number;
  /** It is not the first request on that connection. */
  reused: boolean;
  /** The browser repeated it by itself after a fault had ended the connection under it. */
  repetition: boolean;
  requestBytes: number;
  /** Bytes of the answer that came from the server, also those that went no further. */
  answerBytes: number;
  /** Bytes of the answer that went on to the device. */
  passedBytes: number;
  /** The head of the answer has gone on to the device. */
  headPassed: boolean;
  /** null until the server answered. */
  status: number | null;
  /** The server's answer came completely. */
  answered: boolean;
}

/** `POST /rest/v1/rpc/sync`, `/rest/v1/` (any method, any path that begins so), or a question to ask of each request. */
export type Match = string | ((exchange: Exchange) => boolean);

export function matches(match: Match, exchange: Exchange): boolean {
  if (typeof match === 'function') return match(exchange);
  const [first = '', second] = match.split(' ');
  return second === undefined
    ? exchange.path.startsWith(first)
    : exchange.method === first && exchange.path.startsWith(second);
}

/**
 * Whether the browser repeats a request whose connection ended like this, without a word to the app: it does when it had
 * kept the connection from before and the head of the answer had not come (with a polite end: nothing had).
 */
export function isRepeated({ reused, passedBytes, headPassed }: Exchange, how: 'reset' | 'close'): boolean {
  return reused && (how === 'reset' ? !headPassed : passedBytes === 0);
}

/** Whether they are the same request. */
export function isSame(a: Exchange, b: Exchange): boolean {
  return a.method === b.method && a.path === b.path && a.body === b.body;
}

/** A request that has just come in whole. */
export function newExchange(
  { head, body }: HttpReader,
  { bytes, connection, reused }: { bytes: number; connection: number; reused: boolean },
): Exchange {
  const [method = '', path = ''] = (head?.start ?? '').split(' ');
  return {
    method,
    path,
    headers: head?.headers ?? new Map(),
    body: Buffer.concat(body).toString(),
    connection,
    reused,
    repetition: false,
    requestBytes: bytes,
    answerBytes: 0,
    passedBytes: 0,
    headPassed: false,
    status: null,
    answered: false,
  };
}
