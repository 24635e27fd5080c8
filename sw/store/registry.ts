import { type IDBPDatabase, openDB, type StoreNames } from 'idb';
import {
  type AccountRecord,
  type RegistrySchema,
  registryName,
  registryVersion,
  type SessionRecord,
} from '../../contract/database.ts';
import { newId } from '../../contract/ids.ts';
import {
  arrived,
  currentAccount,
  isLeaving,
  type Leaving,
  type OpenRegistry,
  replaceSession,
  signIn,
  signOut,
} from '../engine/registry-changes.ts';
import { type Reopening, reopening } from './reopening.ts';

export interface ServerConfig {
  supabaseUrl: string;
  publishableKey: string;
}

/** Which accounts this browser knows, which is in use, and who is signed in. */
export interface Registry {
  /** The account in use; on the very first start nobody's, made now. */
  current(): Promise<AccountRecord>;
  account(database: string): Promise<AccountRecord | null>;
  session(): Promise<SessionRecord | null>;
  config(): Promise<ServerConfig | null>;
  keepConfig(config: ServerConfig): Promise<void>;
  /** Stores refreshed tokens, unless somebody else signed in or out meanwhile. */
  keepRefreshed(session: SessionRecord, insteadOf: SessionRecord): Promise<void>;
  /** Forgets the session that the server does not take any more; the account stays. */
  dropSession(refused: SessionRecord): Promise<void>;
  /**
   * Makes this session's account the one in use. If nobody's is in use it becomes the account's in this one write or, if this
   * browser has a database for the account already, is from then on leaving into that; unless it is to stay `apart`.
   */
  signIn(session: SessionRecord, apart?: boolean): Promise<AccountRecord>;
  /** The databases whose rows are on their way into another. */
  leaving(): Promise<Leaving[]>;
  /** Its rows have all gone: it is `dropped`, unless another worker did so `before`. */
  arrived(from: Leaving): Promise<'dropped' | 'before'>;
  /** Goes back to nobody's account; the one left keeps its database. Returns the session that ended. */
  signOut(): Promise<SessionRecord | null>;
}

function open(lost: () => void): Promise<IDBPDatabase<RegistrySchema>> {
  return openDB<RegistrySchema>(registryName, registryVersion, {
    upgrade(db, from) {
      if (from >= 1) return;
      db.createObjectStore('accounts', { keyPath: 'database' }).createIndex('user', 'user.id');
      db.createObjectStore('settings', { keyPath: 'key' });
    },
    blocking: (_current, _wanted, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
}

const both: StoreNames<RegistrySchema>[] = ['accounts', 'settings'];

/** Runs one strict transaction over the whole registry. */
function change<T>(connection: Reopening<RegistrySchema>, work: (open: OpenRegistry) => Promise<T>): Promise<T> {
  return connection.use(async (db) => {
    const tx = db.transaction(both, 'readwrite', { durability: 'strict' });
    const accounts = tx.objectStore('accounts');
    const settings = tx.objectStore('settings');
    const writes: Promise<unknown>[] = [];
    const result = await work({
      accounts: () => accounts.getAll(),
      async inUse() {
        const value = await settings.get('current');
        return value?.key === 'current' ? value.database : null;
      },
      async session() {
        const value = await settings.get('session');
        return value?.key === 'session' ? value.session : null;
      },
      putAccount: (account) => writes.push(accounts.put(account)),
      removeAccount: ({ database }) => writes.push(accounts.delete(database)),
      use: ({ database }) => writes.push(settings.put({ key: 'current', database })),
      putSession: (session) =>
        writes.push(session === null ? settings.delete('session') : settings.put({ key: 'session', session })),
      newDatabase: () => `atlas-${newId(Date.now(), crypto)}`,
    });
    await Promise.all([...writes, tx.done]);
    return result;
  });
}

/** The registry of this browser. */
export function openRegistry(): Registry {
  const connection = reopening<RegistrySchema>(open);
  const setting = <K extends 'current' | 'session' | 'config'>(key: K) =>
    connection.use((db) => db.get('settings', key));

  return {
    async current() {
      const known = await connection.use(async (db) => {
        // Read for every command: one transaction is half the wait of two.
        const tx = db.transaction(both);
        const value = await tx.objectStore('settings').get('current');
        return value?.key === 'current' ? tx.objectStore('accounts').get(value.database) : undefined;
      });
      return known ?? change(connection, currentAccount);
    },
    account: async (database) => (await connection.use((db) => db.get('accounts', database))) ?? null,
    async session() {
      const value = await setting('session');
      return value?.key === 'session' ? value.session : null;
    },
    async config() {
      const value = await setting('config');
      return value?.key === 'config' ? value : null;
    },
    async keepConfig(config) {
      await connection.use((db) => db.put('settings', { key: 'config', ...config }));
    },
    keepRefreshed: (session, insteadOf) => change(connection, (open) => replaceSession(open, insteadOf, session)),
    dropSession: (refused) => change(connection, (open) => replaceSession(open, refused, null)),
    signIn: (session, apart) => change(connection, (open) => signIn(open, session, apart)),
    leaving: async () => (await connection.use((db) => db.getAll('accounts'))).filter(isLeaving),
    arrived: (from) => change(connection, (open) => arrived(open, from)),
    signOut: () => change(connection, signOut),
  };
}
