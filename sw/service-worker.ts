import type { Reply } from '../contract/page-messages.ts';
import { workerAlarm } from './alarm.ts';
import { commandAnswerer } from './answer-command.ts';
import { type AppFile, serveAppShell } from './app-shell.ts';
import { backgroundSync } from './background-sync.ts';
import { bringAlong } from './bring-along.ts';
import { openNotices } from './notices.ts';
import { openAccounts } from './open-accounts.ts';
import { followPages } from './pages.ts';
import { openRegistry } from './store/registry.ts';
import { startSync } from './sync.ts';
import { syncServer } from './sync-server.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST?: AppFile[] };

const registry = openRegistry();
const accounts = openAccounts(registry);
const notices = openNotices();
const pages = followPages();
const wakeUp = backgroundSync(async () => {
  await sync.trigger('background-sync');
  return { tryAgain: await sync.worthTrying() };
});
const sync = startSync({
  accounts,
  server: syncServer(registry),
  notices,
  alarm: workerAlarm(),
  pageVisible,
  online: pages.online,
  alone: (work) => navigator.locks.request('atlas-sync', work),
  bringAlong: () => bringAlong(registry, accounts, notices),
  wakeLater: wakeUp.register,
  failed: reportError,
});
const answer = commandAnswerer({ registry, accounts, sync, notices, pages, openPages });

function windows(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

async function pageVisible(): Promise<boolean> {
  return (await windows()).some((page) => page.visibilityState === 'visible');
}

async function openPages(): Promise<ReadonlySet<string>> {
  return new Set((await windows()).map(({ id }) => id));
}

serveAppShell(self.__WB_MANIFEST ?? []);

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') {
    // Ends only when the worker before this one has: not to be waited for.
    self.skipWaiting().catch(reportError);
    return;
  }
  const page = event.source;
  const reply = (said: Reply) => (event.ports[0] ?? page)?.postMessage(said);
  event.waitUntil(answer(event.data, page instanceof Client ? page.id : '', reply));
});

self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') event.waitUntil(sync.start());
});
