import { type IDBPDatabase, openDB, unwrap } from 'idb';
import { layStores, storeNames } from '../../contract/account-stores.ts';
import { type AccountSchema, accountVersion } from '../../contract/database.ts';
import { newDeviceId } from '../../contract/ids.ts';
import { newSyncState } from '../engine/local/new-sync-state.ts';
import { layVersion2 } from './lay-version-2.ts';

/** Opens an account's database, laying it out if it is new. `lost` is called when the connection is, or has to be, given up. */
export async function openAccount(name: string, lost: () => void): Promise<IDBPDatabase<AccountSchema>> {
  const db = await openDB<AccountSchema>(name, accountVersion, {
    upgrade(database, from, _to, transaction) {
      if (from === 0) {
        layStores(database, storeNames);
        transaction.objectStore('state').put(newSyncState(newDeviceId(crypto)));
        return;
      }
      // Should it fail, the transaction fails with it, and so does opening, which is where it is heard.
      transaction.done.catch(() => undefined);
      if (from < 2) layVersion2(unwrap(database), unwrap(transaction)).catch(() => transaction.abort());
    },
    blocking: (_current, _wanted, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
  return db;
}
