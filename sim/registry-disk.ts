import type { AccountRecord, SessionRecord } from '../contract/database.ts';
import {
  arrived,
  currentAccount,
  isLeaving,
  type Leaving,
  type OpenRegistry,
  replaceSession,
  signIn,
  signOut,
} from '../sw/engine/registry-changes.ts';
import type { Contents, Disk, Guard } from './disk.ts';
import type { Life } from './life.ts';

interface Kept {
  accounts: AccountRecord[];
  inUse: string | null;
  session: SessionRecord | null;
}

/** What is in the registry of a browser. */
export class RegistryContents implements Contents<OpenRegistry> {
  kept: Kept;
  private readonly newDatabase: () => string;

  constructor(newDatabase: () => string, kept: Kept = { accounts: [], inUse: null, session: null }) {
    this.newDatabase = newDatabase;
    this.kept = kept;
  }

  copy = (): RegistryContents => new RegistryContents(this.newDatabase, this.kept);

  begin(guard: Guard): { open: OpenRegistry; abort(): void } {
    const before = this.kept;
    const reading =
      <T>(read: (kept: Kept) => T) =>
      async () => {
        await guard.reads();
        return read(this.kept);
      };
    const writing = (change: Partial<Kept>) => {
      guard.writes();
      this.kept = { ...this.kept, ...change };
    };
    const others = (database: string) => this.kept.accounts.filter((account) => account.database !== database);
    const open: OpenRegistry = {
      accounts: reading(({ accounts }) => [...accounts]),
      inUse: reading(({ inUse }) => inUse),
      session: reading(({ session }) => session),
      putAccount: (account) => writing({ accounts: [...others(account.database), account] }),
      removeAccount: ({ database }) => writing({ accounts: others(database) }),
      use: ({ database }) => writing({ inUse: database }),
      putSession: (session) => writing({ session }),
      newDatabase: this.newDatabase,
    };
    return {
      open,
      abort: () => {
        this.kept = before;
      },
    };
  }
}

export type RegistryDisk = Disk<OpenRegistry, RegistryContents>;

/** The registry of a browser as this worker has it open. */
export class OpenedRegistry {
  private readonly disk: RegistryDisk;
  private readonly life: Life;

  constructor(disk: RegistryDisk, life: Life) {
    this.disk = disk;
    this.life = life;
  }

  current = (): Promise<AccountRecord> => this.change(currentAccount);
  account = (database: string): Promise<AccountRecord | null> =>
    this.change(async (open) => (await open.accounts()).find((one) => one.database === database) ?? null);
  session = (): Promise<SessionRecord | null> => this.change((open) => open.session());
  leaving = (): Promise<Leaving[]> => this.change(async (open) => (await open.accounts()).filter(isLeaving));
  /** `kept` is called when it is on the disk. */
  signIn = (session: SessionRecord, kept: () => void): Promise<AccountRecord> =>
    this.disk.run(this.life, (open) => signIn(open, session), kept);
  signOut = (): Promise<SessionRecord | null> => this.change(signOut);
  arrived = (from: Leaving): Promise<'dropped' | 'before'> => this.change((open) => arrived(open, from));
  replaceSession = (before: SessionRecord, after: SessionRecord | null): Promise<void> =>
    this.change((open) => replaceSession(open, before, after));

  private change<T>(work: (open: OpenRegistry) => Promise<T>): Promise<T> {
    return this.disk.run(this.life, work);
  }
}
