import { signal } from '@preact/signals';
import { type Notice, noticeChannel, type Standing } from '../contract/page-messages.ts';
import { noteChange } from './changes.ts';

/** Which database to read and who is signed in; null until the worker said so. */
export const standing = signal<Standing | null>(null);

/** Takes what the worker said about who is signed in. */
export function takeStanding(told: Standing): void {
  const known = standing.value;
  const same =
    known !== null &&
    known.database === told.database &&
    known.syncing === told.syncing &&
    known.user?.id === told.user?.id &&
    known.user?.email === told.user?.email;
  if (!same) standing.value = told;
}

function takeNotice(notice: Notice): void {
  if (notice.notice === 'account') {
    takeStanding(notice.standing);
    return;
  }
  const known = standing.value;
  if (known === null || known.database !== notice.database) return;
  if (notice.notice === 'syncing') {
    takeStanding({ ...known, syncing: notice.active });
    noteChange({ conversations: [], all: false });
  } else if (notice.notice === 'changed') {
    // Another version of the worker may have more to tell than this page knows of.
    noteChange({ conversations: notice.conversations, all: notice.all ?? false });
  }
}

/** Listens to the worker; a page that was frozen reads everything again when it comes back. */
export function followNotices(): void {
  const channel = new BroadcastChannel(noticeChannel);
  channel.onmessage = (event: MessageEvent<Notice>) => takeNotice(event.data);
  const catchUp = () => {
    if (document.visibilityState === 'visible') noteChange({ conversations: [], all: true });
  };
  document.addEventListener('visibilitychange', catchUp);
  addEventListener('pageshow', (event) => {
    if (event.persisted) catchUp();
  });
}
