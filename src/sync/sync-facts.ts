import { effect, signal } from '@preact/signals';
import { onChange } from '../changes.ts';
import { readFrom } from '../read/open-database.ts';
import { readSync, type SyncReading } from '../read/read-sync.ts';
import { standing } from '../standing.ts';

/** Where sync stands in the account in use; null until it was read. */
export const syncFacts = signal<SyncReading | null>(null);

/** A cycle has been going on long enough to be worth a word. */
export const syncingForAWhile = signal(false);

const shortCycleMs = 400;

/** Keeps the facts of sync as they are on the device. */
export function followSync(): void {
  let busy = false;
  let stale = false;
  const refresh = async () => {
    stale = true;
    if (busy) return;
    busy = true;
    try {
      while (stale) {
        stale = false;
        const database = standing.value?.database;
        if (database === undefined) break;
        const reading = await readFrom(database, readSync);
        if (reading !== undefined && standing.value?.database === database) syncFacts.value = reading;
      }
    } finally {
      busy = false;
    }
  };
  onChange(() => void refresh());

  let shown: string | undefined;
  effect(() => {
    const database = standing.value?.database;
    if (database === shown) return;
    shown = database;
    syncFacts.value = null;
    void refresh();
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    if (standing.value?.syncing !== true) {
      syncingForAWhile.value = false;
      return;
    }
    timer = setTimeout(() => {
      syncingForAWhile.value = true;
    }, shortCycleMs);
  });
}
