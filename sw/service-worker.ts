import type { Reply } from '../contract/page-messages.ts';
import { afterUpdate } from './after-update.ts';
import { workerAlarm } from './alarm.ts';
import { commandAnswerer } from './answer-command.ts';
import { type AppFile, serveAppShell } from './app-shell.ts';
import { backgroundSync } from './background-sync.ts';
import { bringAlong } from './bring-along.ts';
import type { Trigger } from './engine/sync-policy.ts';
import { historyServer } from './history-server.ts';
import { openNotices } from './notices.ts';
import { olderMessages } from './older-messages.ts';
import { openAccounts } from './open-accounts.ts';
import { followPages } from './pages.ts';
import { registerPeriodicSync } from './periodic-sync.ts';
import { startRealtime } from './realtime.ts';
import { openLine } from './realtime-line.ts';
import { openRegistry } from './store/registry.ts';
import { random, startSync } from './sync.ts';
import { syncServer } from './sync-server.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST?: AppFile[] };

const registry = openRegistry();
const accounts = openAccounts(registry);
const notices = openNotices();
const pages = followPages();
const alarm = workerAlarm();
const wakeUp = backgroundSync(async () => {
  await sync.trigger('background-sync');
  return { tryAgain: await sync.worthTrying() };
});
const sync = startSync({
  accounts,
  server: syncServer(registry),
  notices,
  alarm,
  pageVisible,
  online: pages.online,
  live: () => realtime.live(),
  connection: pages.connection,
  alone(work) {
    // In this order: what makes way is asked for again behind it.
    const turn = alone(work);
    older.makeWay();
    return turn;
  },
  bringAlong: settle,
  wakeLater: wakeUp.register,
  failed: reportError,
});
const listening = workerAlarm();
const realtime = startRealtime({
  registry,
  accounts,
  sync,
  alarm: listening,
  time: { now: () => Date.now() },
  random,
  openLine,
  pageVisible,
  online: pages.online,
  failed: reportError,
});
const older = olderMessages({ accounts, notices, server: historyServer(registry), alone });
const answer = commandAnswerer({
  registry,
  accounts,
  sync,
  older,
  notices,
  pages,
  openPages,
  lookAtAlarm() {
    alarm.look();
    listening.look();
  },
  lookAtRealtime: () => void realtime.look(),
});

/** This version has taken over while this worker runs. */
let isNew = false;

/** Ends what an earlier worker, or an earlier version of it, had to leave. */
async function settle(): Promise<void> {
  await afterUpdate(accounts, notices, isNew);
  isNew = false;
  await bringAlong({ registry, accounts, notices });
}

/** One at a time, across all versions of this worker. */
function alone(work: () => Promise<void>): Promise<void> {
  return navigator.locks.request('atlas-sync', work);
}

function windows(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

async function pageVisible(): Promise<boolean> {
  return (await windows()).some((page) => page.visibilityState === 'visible');
}

async function openPages(): Promise<ReadonlySet<string>> {
  return new Set((await windows()).map(({ id }) => id));
}

// Before the app's files are served: whoever answers a request keeps it from all who listen after.
self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') event.waitUntil(Promise.all([sync.start(), registerPeriodicSync()]));
});
serveAppShell(self.__WB_MANIFEST ?? []);

self.addEventListener('activate', (event) => {
  isNew = true;
  // Waits for no database: one that another tab still has open in an older version would hold up every page.
  event.waitUntil(self.clients.claim());
});

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

self.addEventListener('periodicsync', (event) => (event as ExtendableEvent).waitUntil(wake('periodic')));
self.addEventListener('push', (event) => event.waitUntil(wake('push')));

/** Syncs for a wake-up that has nothing to do with any page. */
async function wake(trigger: Trigger): Promise<void> {
  await sync.start();
  await sync.trigger(trigger);
}
