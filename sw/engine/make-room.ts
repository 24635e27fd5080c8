import { letOldestLeave } from './leave-cold.ts';
import type { Durability, Store, Stored } from './ports.ts';

/**
 * A store that makes room where there is none left: messages of the longest untouched conversations leave the device, and
 * what did not fit is written again. Only when nothing may leave any more does the write fail.
 */
export function makingRoom(store: Store, isFull: (error: unknown) => boolean): Store {
  async function change<T>(durability: Durability, work: (stored: Stored) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await store.change(durability, work);
      } catch (error) {
        if (!isFull(error) || !(await letOldestLeave(store))) throw error;
      }
    }
  }
  return { ...store, change };
}
