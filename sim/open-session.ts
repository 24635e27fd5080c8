import type { SessionRecord } from '../contract/database.ts';
import type { HistoryServer, Sent, Server as ServerPort } from '../sw/engine/ports.ts';
import type { Life } from './life.ts';
import type { Network } from './network.ts';
import type { OneAfterAnother } from './one-after-another.ts';
import type { OpenedRegistry } from './registry-disk.ts';
import type { Server } from './server.ts';

interface Parts {
  life: Life;
  registry: OpenedRegistry;
  network: Network;
  server: Server;
  /** Held by whoever renews tokens. */
  renewing: OneAfterAnother;
  now(): number;
}

/** The server's history as a worker reaches it: tokens are taken as they are. */
export function historyFor({ life, registry, network, server }: Parts): HistoryServer {
  return {
    async history(request, user) {
      const session = await registry.session();
      if (session === null || session.user.id !== user) return { is: 'signed-out' };
      const said = await network.ask(life, () => server.history(session.accessToken, request));
      if (said === null) return { is: 'no-answer', lost: false };
      return 'status' in said ? { is: 'refused', ...said, retryAfter: null } : { is: 'answered', answer: said };
    },
  };
}

const marginMs = 60_000;

/** The server as a worker reaches it: as this user or not at all, with tokens renewed when they have to be. */
export function serverFor(parts: Parts): ServerPort {
  const { life, registry, network, now } = parts;
  return {
    async sync(request, user, serverTime, patience) {
      const session = await registry.session();
      if (session === null || session.user.id !== user) return { is: 'signed-out' };
      const expired = serverTime !== null && session.expiresAt * 1_000 - serverTime < marginMs;
      const open = expired ? await renew(parts, session) : session;
      if ('is' in open) return open;
      const sent = await network.post(life, open.accessToken, request, patience, now);
      if (sent.is !== 'refused' || sent.status !== 401) return sent;
      const again = await renew(parts, open);
      return 'is' in again ? again : network.post(life, again.accessToken, request, patience, now);
    },
  };
}

async function renew(parts: Parts, stale: SessionRecord): Promise<SessionRecord | Sent> {
  const { life, registry, network, server, renewing } = parts;
  const letGo = await renewing.hold(life);
  try {
    const session = await registry.session();
    if (session === null || session.user.id !== stale.user.id) return { is: 'signed-out' };
    if (session.accessToken !== stale.accessToken) return session;
    const answer = await network.ask(life, () => ({ tokens: server.renew(session.refreshToken) }));
    if (answer === null) return { is: 'no-answer', lost: false };
    const renewed = answer.tokens === null ? null : { user: session.user, ...answer.tokens };
    await registry.replaceSession(session, renewed);
    return renewed ?? { is: 'signed-out' };
  } finally {
    letGo();
  }
}
