import { type Notice, noticeChannel, type Standing } from '../contract/page-messages.ts';
import type { Tell } from './engine/ports.ts';

/** What the worker tells every page. */
export interface Notices {
  /** The engine's way to pages that show this database. */
  about(database: string): Tell;
  /** Whether a cycle runs in this database now. */
  isSyncing(database: string): boolean;
  account(standing: Standing): void;
  /** What was last known, in any version of this worker, of the account in use; null before that. */
  standing(): Standing | null;
  /** Takes what was just read of the account in use. */
  know(standing: Standing): void;
}

export function openNotices(): Notices {
  const channel = new BroadcastChannel(noticeChannel);
  const syncing = new Set<string>();
  let known: Standing | null = null;
  const post = (notice: Notice) => channel.postMessage(notice);
  // Another version of this worker may change the account.
  channel.onmessage = ({ data }: MessageEvent<Notice>) => {
    if (data.notice === 'account') known = data.standing;
  };
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
    account(standing) {
      known = standing;
      post({ notice: 'account', standing });
    },
    standing: () => known && { ...known, syncing: syncing.has(known.database) },
    know(standing) {
      known = standing;
    },
  };
}
