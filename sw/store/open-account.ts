import { type IDBPDatabase, openDB } from 'idb';
import { type AccountSchema, accountVersion, type SyncState } from '../../contract/database.ts';
import { newDeviceId } from '../../contract/ids.ts';
import { protocolVersion } from '../../contract/wire.ts';

/** An account's database when it is new: nothing known of the server, a device name of its own. */
function newSyncState(): SyncState {
  return {
    key: 'sync',
    device: newDeviceId(crypto),
    protocol: protocolVersion,
    epoch: null,
    cursor: null,
    offset: null,
    serverTime: null,
    seen: null,
    fixed: null,
    lastSynced: null,
    nextDue: 0,
    policy: null,
    problem: null,
    nextOrder: 1,
  };
}

function lay(db: IDBPDatabase<AccountSchema>, from: number): void {
  if (from >= 1) return;
  db.createObjectStore('state', { keyPath: 'key' }).put(newSyncState());
  const conversations = db.createObjectStore('conversations', { keyPath: 'id' });
  conversations.createIndex('rank', 'rank');
  conversations.createIndex('trashRank', 'trashRank');
  db.createObjectStore('messages', { keyPath: 'id' }).createIndex('place', ['conversation', 'rank']);
  db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('order', 'order');
  db.createObjectStore('tombstones', { keyPath: 'id' });
  db.createObjectStore('drafts', { keyPath: 'conversation' });
  db.createObjectStore('quarantine', { keyPath: 'id' });
}

/** Opens an account's database, laying it out if it is new. `lost` is called when the connection is, or has to be, given up. */
export async function openAccount(name: string, lost: () => void): Promise<IDBPDatabase<AccountSchema>> {
  const db = await openDB<AccountSchema>(name, accountVersion, {
    upgrade: lay,
    blocking: (_current, _wanted, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
  return db;
}
