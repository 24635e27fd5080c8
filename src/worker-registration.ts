import { signal } from '@preact/signals';
import { Workbox } from 'workbox-window';

/** `impossible`: this browser allows no worker here. `failed`: the first start had no network. */
export type WorkerState = 'starting' | 'running' | 'failed' | 'impossible';
export const workerState = signal<WorkerState>('starting');

/** A newer version is installed and waits to be let in. */
export const updateWaiting = signal(false);

const updateCheckGapMs = 3_600_000;
let registered: Workbox | null = null;

let resolveRegistration: (found: ServiceWorkerRegistration | null) => void;

/** The registration with a worker in it, or null where there can be none. */
export const registration = new Promise<ServiceWorkerRegistration | null>((resolve) => {
  resolveRegistration = resolve;
});

/** Said once: whoever was told that there is no worker is not told otherwise later. */
function settle(state: WorkerState, found: ServiceWorkerRegistration | null): void {
  if (workerState.value !== 'starting') return;
  workerState.value = state;
  resolveRegistration(found);
}

/** Registers the worker and listens for updates of the app. */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return settle('impossible', null);
  const workbox = import.meta.env.DEV
    ? new Workbox('/dev-sw.js?dev-sw', { type: 'module' })
    : new Workbox('/service-worker.js');
  workbox.addEventListener('waiting', () => {
    updateWaiting.value = true;
  });
  navigator.serviceWorker.ready.then(
    (ready) => settle('running', ready),
    () => settle('impossible', null),
  );
  try {
    await workbox.register({ immediate: true });
    registered = workbox;
    checkForUpdates(workbox);
  } catch (error) {
    // Refused by the browser, or the script could not be fetched; an older registration still serves.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    if ((await existingRegistration()) === null) settle(error instanceof TypeError ? 'failed' : 'impossible', null);
  }
}

async function existingRegistration(): Promise<ServiceWorkerRegistration | null> {
  try {
    const found = await navigator.serviceWorker.getRegistration();
    return found?.active ? found : null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** An installed app is seldom reloaded: looks for a newer one when it is seen again. */
function checkForUpdates(workbox: Workbox): void {
  let last = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < updateCheckGapMs) return;
    last = Date.now();
    workbox.update().catch((error: unknown) => {
      // Offline: the next time will do.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    });
  });
}

/** Lets the newer version in and reloads this tab; others go on until they are asked. */
export async function applyUpdate(): Promise<void> {
  const waiting = (await existingRegistration())?.waiting;
  if (!registered || !waiting) {
    // Another tab let it in already.
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registered.messageSkipWaiting();
}
