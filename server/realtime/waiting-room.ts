/** Those who are connected and have not joined anything yet: anybody may come so far, without a token. */
export interface WaitingRoom {
  /** Gives the way out of it; null where too many wait already. */
  enter(address: string): (() => void) | null;
  size(): number;
}

/** In all, and from one address: of devices that join as soon as they are connected, many share the address of a proxy. */
const most = 2_000;
const mostEach = 200;

export function makeWaitingRoom(): WaitingRoom {
  const waiting = new Map<string, number>();
  let size = 0;

  function change(address: string, by: number): void {
    const now = (waiting.get(address) ?? 0) + by;
    size += by;
    if (now === 0) waiting.delete(address);
    else waiting.set(address, now);
  }

  return {
    enter(address) {
      if (size >= most || (waiting.get(address) ?? 0) >= mostEach) return null;
      change(address, 1);
      let left = false;
      return () => {
        if (!left) change(address, -1);
        left = true;
      };
    },
    size: () => size,
  };
}
