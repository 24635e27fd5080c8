import type { SessionRecord } from '../contract/database.ts';
import { type Refreshed, refreshTokens } from './auth.ts';
import { learnConfig } from './server-config.ts';
import type { Registry, ServerConfig } from './store/registry.ts';

export type Access = { is: 'open'; session: SessionRecord } | { is: 'signed-out' } | { is: 'unreachable' };

/** Tokens are renewed this long before they expire. */
const marginMs = 60_000;

/**
 * The session of this user and nobody else's, renewed if it is about to expire. Without the server's time its end cannot be
 * judged, and the token is tried as it is.
 */
export async function accessFor(
  registry: Registry,
  config: ServerConfig,
  user: string,
  serverTime: number | null,
): Promise<Access> {
  const session = await registry.session();
  if (session === null || session.user.id !== user) return { is: 'signed-out' };
  return isFresh(session, serverTime) ? { is: 'open', session } : renew(registry, config, session);
}

/** Whether a session needs no renewing yet. */
export function isFresh({ expiresAt }: SessionRecord, serverTime: number | null): boolean {
  return serverTime === null || expiresAt * 1_000 - serverTime >= marginMs;
}

/** New tokens in place of these; asked for once even if several ask, in this worker or another. */
export function renew(registry: Registry, config: ServerConfig, stale: SessionRecord): Promise<Access> {
  return navigator.locks.request('atlas-session', async (): Promise<Access> => {
    const session = await registry.session();
    if (session === null || session.user.id !== stale.user.id) return { is: 'signed-out' };
    if (session.accessToken !== stale.accessToken) return { is: 'open', session };
    const refreshed = await refreshedBy(registry, config, session);
    if (refreshed.is === 'unreachable') return refreshed;
    if (refreshed.is === 'refused') {
      await registry.dropSession(session);
      return { is: 'signed-out' };
    }
    await registry.keepRefreshed(refreshed.session, session);
    return { is: 'open', session: refreshed.session };
  });
}

/** Where nobody knows anything the server may also have moved, or taken another key: looked up before giving up. */
async function refreshedBy(registry: Registry, config: ServerConfig, session: SessionRecord): Promise<Refreshed> {
  const first = await refreshTokens(config, session);
  if (first.is !== 'unreachable') return first;
  const now = await learnConfig(registry);
  const moved = now?.supabaseUrl !== config.supabaseUrl || now.publishableKey !== config.publishableKey;
  return now !== null && moved ? refreshTokens(now, session) : first;
}
