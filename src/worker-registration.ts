import { signal } from '@preact/signals';
import { Workbox } from 'workbox-window';

/** `impossible`: this browser allows no worker here. `failed`: the first start had no network. */
export type WorkerState = 'starting' | 'running' | 'failed' | 'impossible';
export const workerState = signal<WorkerState>('starting');

/** How often a newer version came: is installed and waits to be let in, or was let in by another tab. */
export const updates = signal(0);

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
  const noteUpdate = () => {
    updates.value += 1;
  };
  workbox.addEventListener('waiting', noteUpdate);
  workbox.addEventListener('controlling', ({ isUpdate }) => isUpdate && noteUpdate());
  navigator.serviceWorker.ready.then(
    (ready) => settle('running', ready),
    () => settle('impossible', null),
  );
  try {
    await workbox.register({ immediate: true });
    registered = workbox;
    checkForUpdates();
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
function checkForUpdates(): void {
  let last = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < updateCheckGapMs) return;
    last = Date.now();
    void lookForUpdate();
  });
}

/** Asks the server whether there is a newer version; false where it could not be asked. */
export async function lookForUpdate(): Promise<boolean> {
  try {
    await registered?.update();
    return registered !== null;
  } catch (error) {
    // Offline: the next time will do.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return false;
  }
}

/** Gets a newer version and lets it in; false if there is none to be had. */
export async function takeUpdate(): Promise<boolean> {
  await lookForUpdate();
  const found = await existingRegistration();
  const next = found?.installing ?? found?.waiting;
  if (!next) return false;
  await new Promise<void>((resolve) => {
    const look = () => next.state !== 'installing' && resolve();
    next.addEventListener('statechange', look);
    look();
  });
  if (next.state !== 'redundant') await applyUpdate();
  return next.state !== 'redundant';
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
