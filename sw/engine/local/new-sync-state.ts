import type { SyncState } from '../../../contract/database.ts';
import { protocolVersion } from '../../../contract/wire.ts';

/** What an account's database says of sync when it is new: nothing known of the server, a device name of its own. */
export function newSyncState(device: string): SyncState {
  return {
    key: 'sync',
    device,
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
