import {
  createClient,
  type RealtimeChannel,
  type SupabaseClient,
  type WebSocketLikeConstructor,
} from '@supabase/supabase-js';
import { WebSocket } from 'ws';
import type { Person } from './ask-atlas.ts';

/** Somebody who listens with supabase-js as it is. */
export interface Ear {
  client: SupabaseClient;
  channel: RealtimeChannel;
  /** The states of the subscription so far, with what was said about them. */
  states: string[];
  /** What was heard so far. */
  pokes: { seq: number | null; device: string | null }[];
  close(): Promise<void>;
}

/** Subscribes to a topic as a page does, with a token that it does not renew. */
export async function listen(
  address: string,
  token: string | null,
  topic: string,
  wish: { private?: boolean; vsn?: string } = {},
): Promise<Ear> {
  const config = (await (await fetch(`${address}/config.json`)).json()) as { publishableKey: string };
  const client = createClient(address, config.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: {
      transport: WebSocket as unknown as WebSocketLikeConstructor,
      ...(wish.vsn === undefined ? {} : { vsn: wish.vsn }),
    },
  });
  if (token !== null) await client.realtime.setAuth(token);
  const states: string[] = [];
  const pokes: Ear['pokes'] = [];
  const channel = client
    .channel(topic, { config: { private: wish.private ?? true } })
    .on('broadcast', { event: 'poke' }, ({ payload }) => void pokes.push(payload))
    .subscribe((state, error) => void states.push(error === undefined ? state : `${state} ${error.message}`));
  const close = async () => {
    channel.teardown();
    await client.realtime.disconnect();
  };
  return { client, channel, states, pokes, close };
}

/** Who the account is, as its token says. */
export function claimsOf({ token }: Pick<Person, 'token'>): Record<string, unknown> & { sub: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** The topic of what is this person's. */
export function topicOf(person: Pick<Person, 'token'>): string {
  return `user:${claimsOf(person).sub}`;
}
