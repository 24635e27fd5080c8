/** How busy the short way was since somebody asked last. */
export interface SyncReading {
  /** Of the time that all lanes together have, the part in which they worked: 0 to 1. */
  use: number;
  /** How long half of the requests took at most, waiting included; null when there were none. */
  medianMs: number | null;
}

export interface SyncMeter {
  /** A request begins; call what comes back when it has ended. */
  begin(): () => void;
  running(): number;
  /** Reads and begins anew. */
  read(): SyncReading;
}

/** More than this many durations of one reading say nothing more. */
const durationsMost = 10_000;

export function makeSyncMeter(lanes: number, now: () => number): SyncMeter {
  let running = 0;
  let worked = 0;
  let changed = now();
  let since = changed;
  let durations: number[] = [];
  const pass = () => {
    const at = now();
    worked += Math.min(running, lanes) * (at - changed);
    changed = at;
    return at;
  };
  return {
    begin() {
      const began = pass();
      running += 1;
      return () => {
        const took = pass() - began;
        running -= 1;
        if (durations.length < durationsMost) durations.push(took);
      };
    },
    running: () => running,
    read() {
      const at = pass();
      const use = at > since ? worked / ((at - since) * lanes) : 0;
      durations.sort((a, b) => a - b);
      const medianMs = durations[Math.floor((durations.length - 1) / 2)] ?? null;
      worked = 0;
      since = at;
      durations = [];
      return { use, medianMs };
    },
  };
}
