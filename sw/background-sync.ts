import { Queue } from 'workbox-background-sync';

/**
 * The browser's one-shot Background Sync, as a wake-up only: what is to be sent is in our own outbox. Must be made while the
 * worker's script runs for the first time, or an event that started the worker is lost. `work` says whether to be woken again.
 */
export function backgroundSync(work: () => Promise<{ tryAgain: boolean }>): { register(): Promise<void> } {
  const supported = 'sync' in (self as unknown as ServiceWorkerGlobalScope).registration;
  const queue = new Queue('atlas-outbox', {
    async onSync() {
      // Without Background Sync this runs at every start of the worker, before any event; events do the work there.
      if (!supported) return;
      const { tryAgain } = await work();
      if (tryAgain) throw new Error('something is still waiting to be sent');
    },
  });
  return { register: () => queue.registerSync() };
}
