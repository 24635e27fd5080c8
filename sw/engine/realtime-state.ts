import type { Random } from './ports.ts';
import { retryDelay } from './retry-delay.ts';

/**
 * Whether this worker listens for changes:
 *
 *   off --wanted--> joining --joined--> live
 *                      ^  \-- lost --> lost
 *                      \-- its time --/
 *
 * and from everywhere back to off when it is not wanted any more.
 */
export type RealtimeState =
  | { is: 'off' }
  | { is: 'joining'; failures: number; until: number }
  | { is: 'live'; failures: number; since: number; seen: number; again: number | null }
  | { is: 'lost'; failures: number; until: number };

/** `here`: a page is in sight; `away`: none is, but one may be again in a moment; `no`: there is nothing to listen for. */
export type Wish = 'here' | 'away' | 'no';

export type RealtimeEvent =
  /** Time to look, or something outside has changed. */
  | { is: 'look'; wish: Wish }
  | { is: 'joined' }
  /** The channel broke or could not be had; `full` when others of this user listen already. */
  | { is: 'lost'; full: boolean };

const joinMs = 20_000;
/** A hidden app holds no connection; who only looks at something else keeps it. */
const lingerMs = 20_000;
/** Events can be missed just after joining. */
const againMs = 4_000;
/** A channel that breaks within this is no better than one that cannot be had. */
const steadyMs = 60_000;
const fullSeconds = 120;

export const off: RealtimeState = { is: 'off' };

/** What follows from an event. */
export function afterEvent(state: RealtimeState, event: RealtimeEvent, now: number, random: Random): RealtimeState {
  if (event.is === 'look') return looked(state, event.wish, now);
  if (event.is === 'joined') {
    if (state.is !== 'joining') return state;
    const again = now + againMs + Math.floor(random.fraction() * againMs);
    return { is: 'live', failures: state.failures, since: now, seen: now, again };
  }
  if (state.is === 'off' || state.is === 'lost') return state;
  const steady = state.is === 'live' && now - state.since >= steadyMs;
  const failures = steady ? 1 : state.failures + 1;
  return { is: 'lost', failures, until: now + retryDelay(failures, event.full ? fullSeconds : null, random) };
}

function looked(state: RealtimeState, wish: Wish, now: number): RealtimeState {
  if (wish === 'no') return off;
  if (state.is === 'live') {
    const seen = wish === 'here' ? now : state.seen;
    if (now - seen >= lingerMs) return off;
    return { ...state, seen, again: state.again !== null && state.again <= now ? null : state.again };
  }
  if (wish === 'away') return off;
  if (state.is === 'off') return { is: 'joining', failures: 0, until: now + joinMs };
  if (state.until > now) return state;
  // A join without an answer is given up and begun anew, like one that failed.
  return { is: 'joining', failures: state.failures + (state.is === 'joining' ? 1 : 0), until: now + joinMs };
}

/** When to look again if nothing happens before. */
export function lookAgainAt(state: RealtimeState, wish: Wish): number | null {
  if (state.is === 'off') return null;
  if (state.is !== 'live') return state.until;
  const leave = wish === 'here' ? null : state.seen + lingerMs;
  return leave === null || state.again === null ? (leave ?? state.again) : Math.min(leave, state.again);
}

/** Whether to sync because something may have been missed: on joining, and once more a little later. */
export function mayHaveMissed(before: RealtimeState, after: RealtimeState): boolean {
  if (after.is !== 'live') return false;
  return before.is !== 'live' || (before.again !== null && after.again === null);
}
