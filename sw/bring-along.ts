import { handOver } from './engine/hand-over.ts';
import type { Notices } from './notices.ts';
import type { OpenAccounts } from './open-accounts.ts';
import type { Registry } from './store/registry.ts';

/** Moves what nobody wrote to the account that signed in with it, and ends what an earlier worker began. */
export async function bringAlong(registry: Registry, accounts: OpenAccounts, notices: Notices): Promise<void> {
  for (const leaving of await registry.leaving()) {
    const from = await accounts.named(leaving.database);
    const into = await accounts.named(leaving.into);
    if (from === null || into === null) continue;
    const tell = notices.about(into.store.database);
    try {
      await handOver(from.store, into.store);
      if ((await registry.arrived(leaving)) === 'dropped') accounts.forget(leaving.database);
    } catch (error) {
      // Nothing is lost: what has not come along yet does so at the next start.
      if (!into.store.isStorageFailure(error)) throw error;
    }
    tell.changed([], true);
  }
}
