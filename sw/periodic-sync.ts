/** Twice a day: browsers allow no more, and give less. */
const minInterval = 12 * 3_600_000;

interface PeriodicSync {
  register(tag: string, options: { minInterval: number }): Promise<void>;
}

/** Has the browser wake the worker now and then, where it knows how to and a person lets it. */
export async function registerPeriodicSync(): Promise<void> {
  const { periodicSync } = (self as unknown as ServiceWorkerGlobalScope).registration as ServiceWorkerRegistration & {
    periodicSync?: PeriodicSync;
  };
  if (periodicSync === undefined) return;
  try {
    const name = 'periodic-background-sync' as PermissionName;
    const { state } = await navigator.permissions.query({ name });
    if (state === 'granted') await periodicSync.register('atlas', { minInterval });
  } catch (error) {
    // The name of the permission is unknown, or the permission went meanwhile: it is a favour, not a promise.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}
