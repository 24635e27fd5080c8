import type { SessionRecord } from '../contract/database.ts';
import { refreshTokens } from './auth.ts';
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
  const expired = serverTime !== null && session.expiresAt * 1_000 - serverTime < marginMs;
  return expired ? renew(registry, config, session) : { is: 'open', session };
}

/** New tokens in place of these; asked for once even if several ask, in this worker or another. */
export function renew(registry: Registry, config: ServerConfig, stale: SessionRecord): Promise<Access> {
  return navigator.locks.request('atlas-session', async (): Promise<Access> => {
    const session = await registry.session();
    if (session === null || session.user.id !== stale.user.id) return { is: 'signed-out' };
    if (session.accessToken !== stale.accessToken) return { is: 'open', session };
    const refreshed = await refreshTokens(config, session);
    if (refreshed.is === 'unreachable') return refreshed;
    if (refreshed.is === 'refused') {
      await registry.dropSession(session);
      return { is: 'signed-out' };
    }
    await registry.keepRefreshed(refreshed.session, session);
    return { is: 'open', session: refreshed.session };
  });
}
