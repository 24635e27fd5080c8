import type { AccountRecord } from '../contract/database.ts';
import type { Standing } from '../contract/page-messages.ts';
import type { Store } from './engine/ports.ts';
import type { Notices } from './notices.ts';
import { accountStore } from './store/account-store.ts';
import type { Registry } from './store/registry.ts';

export interface OpenAccount {
  account: AccountRecord;
  store: Store;
}

export interface OpenAccounts {
  /** The account in use. */
  current(): Promise<OpenAccount>;
  /** The account with this database, null if there is none. */
  named(database: string): Promise<OpenAccount | null>;
  /** Removes a database that is nobody's and empty, once nothing has it open. */
  forget(database: string): void;
}

/** The accounts of this browser, their databases opened when needed. */
export function openAccounts(registry: Registry): OpenAccounts {
  const stores = new Map<string, Store>();
  /** What is read last is the registry: nothing comes between that and a transaction that the caller begins at once. */
  async function opened<None>(read: () => Promise<AccountRecord | None>): Promise<OpenAccount | None> {
    for (;;) {
      const account = await read();
      if (isNone(account)) return account;
      const known = stores.get(account.database);
      if (known !== undefined) return { account, store: known };
      const store = accountStore(account.database);
      // Pages open it once they know its name, so it must be laid out by then.
      await store.read((stored) => stored.state());
      stores.set(account.database, store);
    }
  }
  return {
    current: () => opened<never>(() => registry.current()),
    named: (database) => opened<null>(() => registry.account(database)),
    forget(database) {
      stores.delete(database);
      indexedDB.deleteDatabase(database);
    },
  };
}

function isNone<None>(account: AccountRecord | None): account is None {
  return account === null;
}

/** What pages need to know to read the right database. */
export function standingOf({ database, user }: AccountRecord, notices: Notices): Standing {
  return { database, user, syncing: notices.isSyncing(database) };
}
