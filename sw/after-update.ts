import { forgetProblem } from './engine/forget-problem.ts';
import { takeUpSetAside } from './engine/take-up-set-aside.ts';
import type { Notices } from './notices.ts';
import type { OpenAccounts } from './open-accounts.ts';

/** Makes good in the account in use what waited for a newer version of this worker; `isNew`: this one has just taken over. */
export async function afterUpdate(accounts: OpenAccounts, notices: Notices, isNew: boolean): Promise<void> {
  const { store } = await accounts.current();
  try {
    const mended = isNew && (await store.change('relaxed', (stored) => forgetProblem(stored, 'too-old')));
    const touched = await takeUpSetAside(store, Date.now());
    if (mended || touched.size > 0) notices.about(store.database).changed(touched, true);
  } catch (error) {
    // A full disk: what was set aside stays so until the next start.
    if (!store.isStorageFailure(error)) throw error;
  }
}
