import type { Stop } from './ports.ts';

export interface Stopper extends Stop {
  stop(): void;
}

/** Something that can be called off: by its owner, or together with what it is part of. */
export function newStop(outer?: Stop): Stopper {
  const listeners: (() => void)[] = [];
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    for (const tell of listeners) tell();
  };
  if (outer?.stopped === true) stop();
  else outer?.onStop(stop);
  return {
    get stopped() {
      return stopped;
    },
    onStop(then) {
      if (stopped) then();
      else listeners.push(then);
    },
    stop,
  };
}
