import { type StoreNames, unwrap } from 'idb';
import type { AccountSchema } from '../../contract/database.ts';
import type { Store } from '../engine/ports.ts';
import { openAccount } from './open-account.ts';
import { reopening } from './reopening.ts';
import { storedIn } from './stored-in.ts';

const everything: StoreNames<AccountSchema>[] = [
  'state',
  'conversations',
  'messages',
  'outbox',
  'tombstones',
  'drafts',
  'quarantine',
];

/** The database of one account in this browser. */
export function accountStore(database: string): Store {
  const connection = reopening<AccountSchema>((lost) => openAccount(database, lost));
  return {
    database,
    isStorageFailure: (error) => error instanceof DOMException,
    read: (work) => connection.use((db) => work(storedIn(unwrap(db).transaction(everything, 'readonly')))),
    change: (durability, work) =>
      connection.use(async (db) => {
        const tx = db.transaction(everything, 'readwrite', { durability });
        // Watched from the start, so that a transaction that fails early is never an unhandled rejection.
        const failure = tx.done.then(
          () => null,
          (error: unknown) => ({ error }),
        );
        try {
          const result = await work(storedIn(unwrap(tx)));
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

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch (error) {
    // It has ended by itself already.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}
