import { type Draws, draws } from './draws.ts';
import type { Happening, History, Setting, Step } from './history.ts';
import { fates } from './network.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const tenYears = 3_650 * day;

/** The history that belongs to a seed. */
export function drawHistory(seed: number): History {
  const from = draws(seed ^ 0x5eed);
  const setting = drawSetting(from);
  const length = 10 + from.below(45);
  const steps = Array.from({ length }, (): Step => ({ ...drawHappening(from), pause: drawPause(from) }));
  // Somebody is signed in nearly always, or there would be little to see.
  const beginning = setting.browsers.flatMap((_, on): Step[] =>
    from.chance(0.75) ? [{ do: 'sign in', on, user: from.chance(0.85) ? 0 : 1, pause: { ms: from.below(5_000) } }] : [],
  );
  return { setting, steps: [...beginning, ...steps] };
}

function drawSetting(from: Draws): Setting {
  const browsers = Array.from({ length: 2 + from.below(2) }, () => ({ wakes: from.chance(0.6), skew: drawSkew(from) }));
  const realtime = from.chance(0.5);
  return { browsers, realtime, maxOps: from.pick([500, 500, 1, 2, 5]), maxPull: from.pick([5_000, 5_000, 1, 2, 3, 7]) };
}

function drawSkew(from: Draws): number {
  if (from.chance(0.6)) return from.below(2_000) - 1_000;
  return from.chance(0.5) ? from.below(20 * minute) - 10 * minute : from.below(2 * tenYears) - tenYears;
}

function drawPause(from: Draws): Step['pause'] {
  const kind = from.below(10);
  if (kind < 4) return { turns: from.below(25) };
  if (kind < 7) return { ms: from.below(1_000) };
  if (kind < 9) return { ms: from.below(15_000) };
  return { ms: from.chance(0.8) ? from.below(3 * minute) : from.below(15 * minute) };
}

const on = (from: Draws) => ({ on: from.below(3) });
const picked = (from: Draws) => ({ ...on(from), pick: from.chance(0.8) ? from.below(2) : from.below(20) });

/** Each with its weight. */
const happenings: [number, (from: Draws) => Happening][] = [
  [14, (from) => ({ do: 'write', ...picked(from), kind: 'text' })],
  [1, (from) => ({ do: 'write', ...picked(from), kind: from.pick(['too long', 'poison op', 'poison row']) })],
  [6, (from) => ({ do: 'write new', ...on(from) })],
  [5, (from) => ({ do: 'rename', ...picked(from) })],
  [3, (from) => ({ do: from.pick(['trash', 'restore from trash']), ...picked(from) })],
  [2, (from) => ({ do: 'purge', ...picked(from) })],
  [1, (from) => ({ do: 'draft', ...picked(from) })],
  [2, (from) => ({ do: from.pick(['retry', 'discard']), ...picked(from) })],
  [3, (from) => ({ do: 'sync now', ...on(from) })],
  [2, (from) => ({ do: 'sign in', ...on(from), user: from.chance(0.8) ? 0 : 1 })],
  [1, (from) => ({ do: 'sign out', ...on(from), send: from.chance(0.3) })],
  [6, (from) => ({ do: 'show', ...on(from) })],
  [4, (from) => ({ do: from.pick(['hide', 'close', 'sleep']), ...on(from) })],
  [12, (from) => ({ do: 'fate', ...on(from), fate: from.pick(fates) })],
  [3, (from) => ({ do: 'network gone', ...on(from), noticed: from.chance(0.7) })],
  [4, (from) => ({ do: 'network back', ...on(from) })],
  [8, (from) => ({ do: 'kill', ...on(from), after: from.below(60) })],
  [2, (from) => ({ do: 'second worker', ...on(from) })],
  [1, (from) => ({ do: from.pick(['break lock', 'mend lock']), ...on(from) })],
  [2, (from) => ({ do: 'disk full', ...on(from), after: from.below(25) })],
  [2, (from) => ({ do: 'disk free', ...on(from) })],
  [1, (from) => ({ do: 'connection lost', ...picked(from) })],
  [1, (from) => ({ do: from.pick(['evict', 'save profile', 'roll back profile', 'roll back profile']), ...on(from) })],
  [1, (from) => ({ do: 'copy profile', ...on(from), from: from.below(3) })],
  [1, (from) => ({ do: 'clock jumps', ...on(from), by: drawSkew(from) })],
  [1, (from) => ({ do: 'outage', status: from.pick([403, 426, 429, 500, 503]) })],
  [2, () => ({ do: 'outage ends' })],
  [1, () => ({ do: 'backup' })],
  [1, () => ({ do: 'restore' })],
  [1, (from) => ({ do: 'tier', user: from.below(2), cloud: from.chance(0.6) })],
  [1, (from) => ({ do: 'revoke', user: from.below(2) })],
  [0.7, (from) => ({ do: from.pick(['realtime breaks', 'realtime is deaf', 'realtime mends']) })],
  [0.7, (from) => ({ do: 'time passes', ms: from.chance(0.5) ? from.below(2 * day) : from.below(300 * day) })],
  [1, (from) => ({ do: 'read older', ...picked(from) })],
  [1, () => ({ do: 'server restarts' })],
  [0.5, (from) => ({ do: 'strange row', user: from.below(2) })],
  [0.1, () => ({ do: 'delete account', user: 1 })],
];
const whole = happenings.reduce((sum, [weight]) => sum + weight, 0);

function drawHappening(from: Draws): Happening {
  let place = from.fraction() * whole;
  for (const [weight, draw] of happenings) {
    if (place < weight) return draw(from);
    place -= weight;
  }
  return { do: 'backup' };
}
