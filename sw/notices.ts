import { type Notice, noticeChannel, type Standing } from '../contract/page-messages.ts';
import type { Tell } from './engine/ports.ts';

/** What the worker tells every page. */
export interface Notices {
  /** The engine's way to pages that show this database. */
  about(database: string): Tell;
  /** Whether a cycle runs in this database now. */
  isSyncing(database: string): boolean;
  account(standing: Standing): void;
}

export function openNotices(): Notices {
  const channel = new BroadcastChannel(noticeChannel);
  const syncing = new Set<string>();
  const post = (notice: Notice) => channel.postMessage(notice);
  return {
    about: (database) => ({
      changed(conversations, all) {
        const named = [...new Set(conversations)];
        post({ notice: 'changed', database, conversations: named, ...(all === undefined ? {} : { all }) });
      },
      syncing(active) {
        if (active) syncing.add(database);
        else syncing.delete(database);
        post({ notice: 'syncing', database, active });
      },
    }),
    isSyncing: (database) => syncing.has(database),
    account: (standing) => post({ notice: 'account', standing }),
  };
}
