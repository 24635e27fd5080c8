import type { Random } from './engine/ports.ts';
import { type SyncParts as EngineParts, type Sync, startSync as startEngine } from './engine/start-sync.ts';

/** What the engine needs besides the browser's clock and randomness. */
export type SyncParts = Omit<EngineParts, 'time' | 'random' | 'after' | 'longestMinutes' | 'polling'>;

export const random: Random = {
  fraction: () => Math.random(),
  getRandomValues: (bytes) => crypto.getRandomValues(bytes),
};

/** Sync for the account in use, by this browser's clock, its randomness and the settings of the build. */
export function startSync(parts: SyncParts): Sync {
  return startEngine({
    ...parts,
    time: { now: () => Date.now() },
    random,
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    longestMinutes: Number(import.meta.env.VITE_ATLAS_AUTO_SYNC_MINUTES) || 5,
    polling: import.meta.env.VITE_ATLAS_AUTO_SYNC !== 'false',
  });
}
