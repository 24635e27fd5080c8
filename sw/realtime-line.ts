import { RealtimeClient } from '@supabase/supabase-js';
import type { ServerConfig } from './store/registry.ts';

/** What a line says of itself, until it is closed. */
export interface LineEvents {
  joined(): void;
  lost(full: boolean): void;
  poke(said: unknown): void;
}

export interface Line {
  /** Goes on with another token of the same user. */
  renew(token: string): void;
  close(): void;
}

export type OpenLine = (config: ServerConfig, user: string, token: string, events: LineEvents) => Line;

/** Half of the time after which a dead line is noticed. */
const heartbeatMs = 15_000;
/** The library would come back by itself, all devices at the same moments: whether and when is decided elsewhere. */
const never = 2 ** 31 - 1;

/** The user's private channel, through supabase-js. */
export const openLine: OpenLine = ({ supabaseUrl, publishableKey }, user, token, events) => {
  const client = new RealtimeClient(`${supabaseUrl.replace(/^http/, 'ws')}/realtime/v1`, {
    params: { apikey: publishableKey },
    heartbeatIntervalMs: heartbeatMs,
    reconnectAfterMs: () => never,
  });
  let closed = false;
  const setToken = (next: string) => void client.setAuth(next);
  setToken(token);
  const channel = client
    .channel(`user:${user}`, { config: { private: true } })
    .on('broadcast', { event: 'poke' }, ({ payload }) => events.poke(payload))
    .subscribe((status, error) => {
      if (closed) return;
      if (status === 'SUBSCRIBED') events.joined();
      else events.lost(/TooMany|RateLimit/.test(error?.message ?? ''));
    });
  return {
    renew: setToken,
    close() {
      closed = true;
      channel.teardown();
      // The second time takes back the timer that the library may have set while it ended.
      void client.disconnect().then(() => client.disconnect());
    },
  };
};
