import { type IDBPDatabase, openDB, type StoreNames } from 'idb';
import {
  type AccountRecord,
  type RegistrySchema,
  registryName,
  registryVersion,
  type SessionRecord,
} from '../../contract/database.ts';
import { newId } from '../../contract/ids.ts';
import { type Reopening, reopening } from './reopening.ts';

export interface ServerConfig {
  supabaseUrl: string;
  publishableKey: string;
}

export type Leaving = AccountRecord & { into: string };

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
   * browser has a database for the account already, is from then on leaving into that.
   */
  signIn(session: SessionRecord): Promise<AccountRecord>;
  /** The databases whose rows are on their way into another. */
  leaving(): Promise<Leaving[]>;
  /** Its rows have all gone: it is nobody's again or, where nobody has another by now, `dropped`. */
  arrived(from: Leaving): Promise<'free' | 'dropped'>;
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

type Open = {
  accounts(): Promise<AccountRecord[]>;
  current(accounts: AccountRecord[]): Promise<AccountRecord | null>;
  session(): Promise<SessionRecord | null>;
  putAccount(account: AccountRecord): void;
  removeAccount(account: AccountRecord): void;
  use(account: AccountRecord): void;
  putSession(session: SessionRecord | null): void;
};

/** Runs one strict transaction over the whole registry. */
function change<T>(connection: Reopening<RegistrySchema>, work: (open: Open) => Promise<T>): Promise<T> {
  return connection.use(async (db) => {
    const tx = db.transaction(both, 'readwrite', { durability: 'strict' });
    const accounts = tx.objectStore('accounts');
    const settings = tx.objectStore('settings');
    const writes: Promise<unknown>[] = [];
    const result = await work({
      accounts: () => accounts.getAll(),
      async current(known) {
        const value = await settings.get('current');
        if (value?.key !== 'current') return null;
        return known.find((account) => account.database === value.database) ?? null;
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
    });
    await Promise.all([...writes, tx.done]);
    return result;
  });
}

function isLeaving(account: AccountRecord): account is Leaving {
  return account.into !== undefined;
}

function isFree(account: AccountRecord): boolean {
  return account.user === null && !isLeaving(account);
}

function newAccount(user: AccountRecord['user']): AccountRecord {
  return { database: `atlas-${newId(Date.now(), crypto)}`, user };
}

/** The registry of this browser. */
export function openRegistry(): Registry {
  const connection = reopening<RegistrySchema>(open);
  const setting = <K extends 'current' | 'session' | 'config'>(key: K) =>
    connection.use((db) => db.get('settings', key));

  async function useNobody({ accounts, putAccount, use }: Open): Promise<AccountRecord> {
    const nobody = (await accounts()).find(isFree) ?? newAccount(null);
    putAccount(nobody);
    use(nobody);
    return nobody;
  }

  return {
    async current() {
      const value = await setting('current');
      const known = value?.key === 'current' ? await this.account(value.database) : null;
      if (known !== null) return known;
      return change(connection, async (open) => (await open.current(await open.accounts())) ?? useNobody(open));
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
    keepRefreshed: (session, insteadOf) =>
      change(connection, async (open) => {
        if ((await open.session())?.refreshToken === insteadOf.refreshToken) open.putSession(session);
      }),
    dropSession: (refused) =>
      change(connection, async (open) => {
        if ((await open.session())?.refreshToken === refused.refreshToken) open.putSession(null);
      }),
    signIn: (session) =>
      change(connection, async (open) => {
        const accounts = await open.accounts();
        const current = await open.current(accounts);
        const own = accounts.find(({ user }) => user?.id === session.user.id);
        const handedOver = current?.user === null ? { ...current, user: session.user } : newAccount(session.user);
        const account = own ?? handedOver;
        open.putAccount({ ...account, user: session.user });
        if (own !== undefined && current?.user === null) open.putAccount({ ...current, into: own.database });
        open.use(account);
        open.putSession(session);
        return { ...account, user: session.user };
      }),
    leaving: async () => (await connection.use((db) => db.getAll('accounts'))).filter(isLeaving),
    arrived: (from) =>
      change(connection, async (open) => {
        const accounts = await open.accounts();
        const left = accounts.find(({ database }) => database === from.database);
        // Another worker has seen to it.
        if (left === undefined || !isLeaving(left)) return 'free';
        if (accounts.some(isFree)) {
          open.removeAccount(left);
          return 'dropped';
        }
        open.putAccount({ database: left.database, user: null });
        return 'free';
      }),
    signOut: () =>
      change(connection, async (open) => {
        const session = await open.session();
        await useNobody(open);
        open.putSession(null);
        return session;
      }),
  };
}
