import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/** A file of the app and the hash of its content. */
export interface AppFile {
  url: string;
  revision: string | null;
}

const servedLive = [/^\/(auth|rest|functions|realtime|storage)\/v1\//, /^\/metrics$/, /^\/config\.json$/];

/** Keeps the app's files on the device and opens it from there, whatever address of it is asked for. */
export function serveAppShell(files: readonly AppFile[]): void {
  precacheAndRoute([...files]);
  cleanupOutdatedCaches();
  if (!files.some((file) => file.url === 'index.html')) return;
  registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: servedLive }));
}
