import { unwrap } from 'idb';
import { storeNames } from '../../contract/account-stores.ts';
import type { AccountSchema } from '../../contract/database.ts';
import { storedOver } from '../engine/local/stored-over.ts';
import { makingRoom } from '../engine/make-room.ts';
import type { Store, Stored } from '../engine/ports.ts';
import { abort } from './abort.ts';
import { isFull } from './is-full.ts';
import { openAccount } from './open-account.ts';
import { reopening } from './reopening.ts';
import { tablesIn } from './tables-in.ts';

/** The database of one account in this browser. Where it is full, old messages that the server has too make room. */
export function accountStore(database: string): Store {
  return makingRoom(plainStore(database), isFull);
}

function plainStore(database: string): Store {
  const connection = reopening<AccountSchema>((lost) => openAccount(database, lost));
  return {
    database,
    isStorageFailure: (error) => error instanceof DOMException,
    read: (work) => connection.use((db) => worked(unwrap(db).transaction(storeNames, 'readonly'), work)),
    change: (durability, work) =>
      connection.use(async (db) => {
        const tx = db.transaction(storeNames, 'readwrite', { durability });
        // Watched from the start, so that a transaction that fails early is never an unhandled rejection.
        const failure = tx.done.then(
          () => null,
          (error: unknown) => ({ error }),
        );
        try {
          const result = await worked(unwrap(tx), work);
          const failed = await failure;
          if (failed !== null) throw failed.error;
          return result;
        } catch (error) {
          abort(unwrap(tx));
          await failure;
          // What the transaction failed of (a full disk) says more than what `work` noticed of it.
          throw tx.error ?? error;
        }
      }),
  };
}

async function worked<T>(tx: IDBTransaction, work: (stored: Stored) => Promise<T>): Promise<T> {
  const { stored, settled } = storedOver(tablesIn(tx));
  const result = await work(stored);
  await settled();
  return result;
}
