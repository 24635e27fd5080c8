import type { Fate } from './network.ts';

/** What the world is like in which a history happens. */
export interface Setting {
  browsers: { wakes: boolean; skew: number }[];
  maxOps: number;
  maxPull: number;
  /** Whether the server has channels that say when something changed. */
  realtime: boolean;
}

type Doing<Name extends string, More = object> = Name extends string ? { do: Name } & More : never;
type On<More = object> = { on: number } & More;
/** Numbers called `pick` choose among what there is at that moment. */
type Picked<More = object> = On<{ pick: number } & More>;

/** What happens. */
export type Happening =
  /** What people do. */
  | Doing<'write', Picked<{ kind: 'text' | 'too long' | 'poison op' | 'poison row' }>>
  | Doing<'write new', On>
  | Doing<'rename' | 'trash' | 'restore from trash' | 'purge' | 'draft' | 'retry' | 'discard', Picked>
  | Doing<'sync now', On>
  | Doing<'read older', Picked>
  | Doing<'sign in', On<{ user: number }>>
  | Doing<'sign out', On<{ send: boolean }>>
  | Doing<'show' | 'hide' | 'close' | 'sleep', On>
  /** What happens to requests. */
  | Doing<'fate', On<{ fate: Fate }>>
  | Doing<'network gone', On<{ noticed: boolean }>>
  | Doing<'network back', On>
  /** What happens to workers and disks. */
  | Doing<'kill' | 'disk full', On<{ after: number }>>
  | Doing<'second worker' | 'break lock' | 'mend lock' | 'disk free', On>
  | Doing<'connection lost', Picked>
  | Doing<'evict' | 'save profile' | 'roll back profile', On>
  | Doing<'copy profile', On<{ from: number }>>
  | Doing<'clock jumps', On<{ by: number }>>
  /** What happens to the server. */
  | Doing<'outage', { status: 403 | 426 | 429 | 500 | 503 }>
  | Doing<'outage ends' | 'backup' | 'restore' | 'realtime breaks' | 'realtime is deaf' | 'realtime mends'>
  | Doing<'time passes', { ms: number }>
  | Doing<'server restarts'>
  /** Somebody with a newer version made something of a kind that nobody here knows. */
  | Doing<'strange row', { user: number }>
  | Doing<'tier', { user: number; cloud: boolean }>
  | Doing<'revoke' | 'delete account', { user: number }>;

/** A happening, and how long after it the next one comes: milliseconds, or so many turns at the same moment. */
export type Step = Happening & { pause: { ms: number } | { turns: number } };

export interface History {
  setting: Setting;
  steps: Step[];
}

export const users = ['ann', 'bob'] as const;

/** Two browsers, of which one is woken for what waits, and a server that takes and gives all at once. */
export const usual: Setting = {
  browsers: [
    { wakes: true, skew: 0 },
    { wakes: false, skew: 0 },
  ],
  maxOps: 500,
  maxPull: 5_000,
  realtime: false,
};

/** A moment between two happenings in which nobody does anything else. */
const momentMs = 1_500;

/** What happens one after another, some of it with a pause of its own after it. */
export function history(happenings: (Happening | [Happening, ms: number])[], setting: Partial<Setting> = {}): History {
  const steps = happenings.map((one): Step => {
    const [happening, ms] = Array.isArray(one) ? one : [one, momentMs];
    return { ...happening, pause: { ms } };
  });
  return { setting: { ...usual, ...setting }, steps };
}
