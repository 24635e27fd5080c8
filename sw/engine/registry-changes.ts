import type { AccountRecord, SessionRecord } from '../../contract/database.ts';

export type Leaving = AccountRecord & { into: string };

/** One open transaction over the registry of this browser; puts are not waited for. */
export interface OpenRegistry {
  accounts(): Promise<AccountRecord[]>;
  /** The name of the database in use; null on the very first start. */
  inUse(): Promise<string | null>;
  session(): Promise<SessionRecord | null>;
  putAccount(account: AccountRecord): void;
  removeAccount(account: AccountRecord): void;
  use(account: AccountRecord): void;
  putSession(session: SessionRecord | null): void;
  /** A name that no database has yet. */
  newDatabase(): string;
}

export function isLeaving(account: AccountRecord): account is Leaving {
  return account.into !== undefined;
}

function isFree(account: AccountRecord): boolean {
  return account.user === null && !isLeaving(account);
}

async function currentOf(open: OpenRegistry, accounts: readonly AccountRecord[]): Promise<AccountRecord | null> {
  const name = await open.inUse();
  return accounts.find(({ database }) => database === name) ?? null;
}

async function useNobody(open: OpenRegistry): Promise<AccountRecord> {
  const nobody = (await open.accounts()).find(isFree) ?? { database: open.newDatabase(), user: null };
  open.putAccount(nobody);
  open.use(nobody);
  return nobody;
}

/** The account in use; on the very first start nobody's, made now. */
export async function currentAccount(open: OpenRegistry): Promise<AccountRecord> {
  return (await currentOf(open, await open.accounts())) ?? useNobody(open);
}

/**
 * Makes this session's account the one in use. If nobody's is in use it becomes the account's in this one write or, if this
 * browser has a database for the account already, is from then on leaving into that; unless it is to stay `apart`.
 */
export async function signIn(open: OpenRegistry, session: SessionRecord, apart = false): Promise<AccountRecord> {
  const accounts = await open.accounts();
  const current = await currentOf(open, accounts);
  const { user } = session;
  const own = accounts.find((account) => account.user?.id === user.id);
  const nobody = current?.user === null && !apart ? current : null;
  const account = { ...(own ?? nobody ?? { database: open.newDatabase() }), user };
  open.putAccount(account);
  if (own !== undefined && nobody !== null) open.putAccount({ ...nobody, into: own.database });
  open.use(account);
  open.putSession(session);
  return account;
}

/** Goes back to nobody's account; the one left keeps its database. Returns the session that ended. */
export async function signOut(open: OpenRegistry): Promise<SessionRecord | null> {
  const session = await open.session();
  await useNobody(open);
  open.putSession(null);
  return session;
}

/** Puts a session, or none, in the place of this one, unless somebody else signed in or out meanwhile. */
export async function replaceSession(
  open: OpenRegistry,
  before: SessionRecord,
  after: SessionRecord | null,
): Promise<void> {
  if ((await open.session())?.refreshToken === before.refreshToken) open.putSession(after);
}

/**
 * Its rows have all gone: it is `dropped`, so that a page that still shows it writes to the account in use; unless another worker
 * did so `before`.
 */
export async function arrived(open: OpenRegistry, from: Leaving): Promise<'dropped' | 'before'> {
  const left = (await open.accounts()).find(({ database }) => database === from.database);
  if (left === undefined || !isLeaving(left)) return 'before';
  open.removeAccount(left);
  return 'dropped';
}
