import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { HistoryRequest, SyncRequest } from '../contract/wire.ts';
import type { Patience, Took } from './engine/ports.ts';
import type { ServerConfig } from './store/registry.ts';

export interface Called {
  /** 0 without an answer. */
  status: number;
  data: unknown;
  error: unknown;
  took: Took;
  /** The deadline ended it. */
  late: boolean;
  /** The head of an answer came. */
  began: boolean;
}

type Measured = Pick<Called, 'began'> & Pick<Took, 'bytesUp' | 'bytesDown'>;

/** What is known of requests that are under way. */
const underWay = new WeakMap<AbortSignal, Measured>();

/** Making one takes milliseconds, so the last is kept: for this token and no other. */
let kept: { url: string; key: string; token: string; client: SupabaseClient } | null = null;

function clientFor({ supabaseUrl: url, publishableKey: key }: ServerConfig, token: string): SupabaseClient {
  if (kept?.url !== url || kept.key !== key || kept.token !== token) {
    // Only ever this token: without one the library would ask as nobody, and get an empty answer for a good one.
    const client = createClient(url, key, { accessToken: async () => token, global: { fetch: measuredFetch } });
    kept = { url, key, token, client };
  }
  return kept.client;
}

async function measuredFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const measured = init?.signal && underWay.get(init.signal);
  if (measured && typeof init.body === 'string') measured.bytesUp = init.body.length;
  const response = await fetch(input, init);
  if (!measured) return response;
  measured.began = true;
  const read = response.text.bind(response);
  response.text = async () => {
    const text = await read();
    measured.bytesDown = text.length;
    return text;
  };
  return response;
}

/** Functions of the server, with what they are asked. */
interface Functions {
  sync: SyncRequest;
  history: HistoryRequest;
}

/** Calls a function of the server once, and says what it took. */
export async function callServer<Name extends keyof Functions>(
  name: Name,
  config: ServerConfig,
  token: string,
  request: Functions[Name],
  { deadlineMs, stop }: Patience,
): Promise<Called> {
  const ending = new AbortController();
  const measured: Measured = { began: false, bytesUp: 0, bytesDown: 0 };
  underWay.set(ending.signal, measured);
  stop.onStop(() => ending.abort());
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ending.abort();
  }, deadlineMs);
  const start = performance.now();
  const { data, error, status } = await clientFor(config, token).rpc(name, { request }).abortSignal(ending.signal);
  clearTimeout(timer);
  const { began, bytesUp, bytesDown } = measured;
  const took = { ms: Math.round(performance.now() - start), bytesUp, bytesDown };
  return { status, data, error, took, late, began };
}
