import type { Poke } from './poke.ts';

/** Someone who listens for one user, over one connection. */
export interface Listener {
  tell(poke: Poke): void;
  /** Whether the other end is still there; ends it if not. */
  answers(): Promise<boolean>;
}

/** Who listens, by user. */
export interface Audience {
  /** `full`: as many as may listen do, and all of them are still there. */
  join(user: string, listener: Listener): Promise<'joined' | 'full'>;
  leave(user: string, listener: Listener): void;
  tell(poke: Poke): void;
  /** Something may not have been heard here: everybody is to look, not all at once. */
  tellEverybody(): void;
  size(): number;
}

/** Connections of one user at a time; further devices ask at their intervals. */
export const listenersMost = 3;
/** So long it takes until everybody was told to look. */
const spreadMs = 5_000;

export function makeAudience(): Audience {
  const users = new Map<string, Set<Listener>>();

  function leave(user: string, listener: Listener): void {
    const listeners = users.get(user);
    listeners?.delete(listener);
    if (listeners?.size === 0) users.delete(user);
  }

  function takePlace(user: string, listener: Listener): boolean {
    const listeners = users.get(user) ?? new Set();
    if (listeners.size >= listenersMost) return false;
    users.set(user, listeners.add(listener));
    return true;
  }

  return {
    async join(user, listener) {
      if (takePlace(user, listener)) return 'joined';
      // Whoever lost the network is not gone yet: a device that comes back would be kept out by its own ghost.
      const before = [...(users.get(user) ?? [])];
      const there = await Promise.all(before.map((one) => one.answers()));
      for (const [nth, one] of before.entries()) if (there[nth] !== true) leave(user, one);
      return takePlace(user, listener) ? 'joined' : 'full';
    },
    leave,
    tell(poke) {
      for (const listener of users.get(poke.user) ?? []) listener.tell(poke);
    },
    tellEverybody() {
      for (const [user, listeners] of users) {
        for (const listener of listeners) {
          const tell = () => listener.tell({ user, seq: null, device: null });
          setTimeout(tell, Math.random() * spreadMs).unref();
        }
      }
    },
    size: () => [...users.values()].reduce((all, { size }) => all + size, 0),
  };
}
