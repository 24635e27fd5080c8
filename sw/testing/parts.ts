import type { AccountRecord, SessionRecord } from '../../contract/database.ts';
import type { Sent, Store } from '../engine/ports.ts';
import { memoryStore } from '../engine/testing/memory-store.ts';
import type { Notices } from '../notices.ts';
import type { OpenAccounts } from '../open-accounts.ts';
import type { Registry, ServerConfig } from '../store/registry.ts';
import type { SyncParts } from '../sync.ts';

export const config: ServerConfig = { supabaseUrl: 'http://atlas.test', publishableKey: 'key' };

export function sessionOf(name: string, token = 'first'): SessionRecord {
  const user = { id: `id-${name}`, email: `${name}@example.org` };
  return { user, accessToken: `${token}-access`, refreshToken: `${token}-refresh`, expiresAt: 2_000_000_000 };
}

/** A registry in memory that knows one session and one account. */
export function memoryRegistry(signedIn: SessionRecord | null): Registry {
  let session = signedIn;
  const account = (): AccountRecord => ({ database: 'memory-a', user: session?.user ?? null });
  const onlyInsteadOf = (before: SessionRecord, after: SessionRecord | null) => {
    if (session?.refreshToken === before.refreshToken) session = after;
  };
  return {
    current: async () => account(),
    account: async () => account(),
    session: async () => session,
    config: async () => config,
    keepConfig: async () => undefined,
    keepRefreshed: async (after, before) => onlyInsteadOf(before, after),
    dropSession: async (refused) => onlyInsteadOf(refused, null),
    async signIn(mine) {
      session = mine;
      return account();
    },
    async signOut() {
      const ended = session;
      session = null;
      return ended;
    },
    leaving: async () => [],
    arrived: async () => 'before',
  };
}

export const silent: Notices = {
  about: () => ({ changed: () => undefined, syncing: () => undefined }),
  isSyncing: () => false,
  account: () => undefined,
  standing: () => null,
  know: () => undefined,
};

export function oneAccount(store: Store, user: AccountRecord['user'] = sessionOf('ann').user): OpenAccounts {
  const open = { account: { database: store.database, user }, store };
  return { current: async () => open, named: async () => open, forget: () => undefined };
}

/** What sync works with, for Ann with a store in memory; `log` has what it asked of the browser. */
export function syncParts(answer: () => Sent): {
  parts: SyncParts & { accounts: OpenAccounts; notices: Notices };
  store: Store;
  log: string[];
} {
  const store = memoryStore('a00000000000');
  const log: string[] = [];
  const parts = {
    accounts: oneAccount(store),
    server: {
      async sync() {
        log.push('request');
        return answer();
      },
    },
    notices: silent,
    alarm: { set: () => undefined },
    pageVisible: async () => true,
    online: () => true,
    alone: (work: () => Promise<void>) => work(),
    bringAlong: async () => void log.push('bring along'),
    wakeLater: async () => void log.push('wake later'),
    failed(error: unknown) {
      throw error;
    },
  };
  return { parts, store, log };
}
