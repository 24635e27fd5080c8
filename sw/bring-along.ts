import { handOver } from './engine/hand-over.ts';
import type { Leaving } from './engine/registry-changes.ts';
import type { Notices } from './notices.ts';
import type { OpenAccount, OpenAccounts } from './open-accounts.ts';
import type { Registry } from './store/registry.ts';

export interface BringAlongParts {
  registry: Registry;
  accounts: OpenAccounts;
  notices: Notices;
}

/**
 * Moves what nobody wrote to the account that signed in with it, and ends what an earlier worker began; one at a time, across
 * all versions of this worker.
 */
export function bringAlong(parts: BringAlongParts): Promise<void> {
  return navigator.locks.request('atlas-hand-over', () => moveAll(parts));
}

async function moveAll(parts: BringAlongParts): Promise<void> {
  for (const leaving of await parts.registry.leaving()) {
    try {
      await move(parts, leaving);
    } catch (error) {
      // Nothing is lost: what has not come along yet does so at the next start. A database that cannot be opened is nothing
      // that the account in use should wait for.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}

async function move({ registry, accounts, notices }: BringAlongParts, leaving: Leaving): Promise<void> {
  const from = await accounts.named(leaving.database);
  const into = await accounts.named(leaving.into);
  if (from === null || into === null) return;
  const tell = notices.about(into.store.database);
  try {
    await handOver(from.store, into.store);
    if ((await registry.arrived(leaving)) === 'dropped') accounts.forget(leaving.database);
  } finally {
    tell.changed([], true);
  }
}

/**
 * The account that a page means by a database. One whose rows are on their way is not written to, or a change could come between
 * the copy and the removal of the original: what is written goes to where they are.
 */
export async function writable(parts: BringAlongParts, database: string | undefined): Promise<OpenAccount> {
  const { accounts } = parts;
  const meant = database === undefined ? null : await accounts.named(database);
  if (meant === null) return accounts.current();
  const { into } = meant.account;
  if (into === undefined) return meant;
  await bringAlong(parts);
  const left = await accounts.named(meant.account.database);
  // Nothing could be moved now, so nothing comes between.
  if (left?.account.into !== undefined) return left;
  return (await accounts.named(into)) ?? accounts.current();
}
