import { type IDBPDatabase, openDB, unwrap } from 'idb';
import { layStores, storeNames } from '../../contract/account-stores.ts';
import { type AccountSchema, accountVersion } from '../../contract/database.ts';
import { newDeviceId } from '../../contract/ids.ts';
import { newSyncState } from '../engine/local/new-sync-state.ts';
import { abort } from './abort.ts';
import { isFull } from './is-full.ts';
import { layVersion2 } from './lay-version-2.ts';

/** Opens an account's database, laying it out if it is new. `lost` is called when the connection is, or has to be, given up. */
export async function openAccount(name: string, lost: () => void): Promise<IDBPDatabase<AccountSchema>> {
  let full = false;
  const fails = (error: unknown) => {
    full ||= isFull(error);
  };
  try {
    return await opened(name, lost, 'everything', fails);
  } catch (error) {
    if (!full) throw error;
    return opened(name, lost, 'without old', fails);
  }
}

/** `fails` hears what an upgrade failed of; opening itself then only says that it was given up. */
async function opened(
  name: string,
  lost: () => void,
  taking: 'everything' | 'without old',
  fails: (error: unknown) => void,
): Promise<IDBPDatabase<AccountSchema>> {
  return openDB<AccountSchema>(name, accountVersion, {
    upgrade(database, from, _to, transaction) {
      if (from === 0) {
        layStores(database, storeNames);
        transaction.objectStore('state').put(newSyncState(newDeviceId(crypto)));
        return;
      }
      const raw = unwrap(transaction);
      // Should it fail, the transaction fails with it, and so does opening, which is where it is heard.
      transaction.done.catch(() => fails(raw.error));
      if (from >= 2) return;
      // Chromium remembers what it counts now; later it would count what a try that failed has left on the disk, too.
      navigator.storage?.estimate?.().catch(() => undefined);
      layVersion2(unwrap(database), raw, taking).catch((error: unknown) => {
        fails(error);
        abort(raw);
      });
    },
    blocking: (_current, _wanted, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
}
