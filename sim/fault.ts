import type { Fate } from './network.ts';
import type { World } from './world.ts';

/** One thing that goes wrong at one place of a history, counted in one browser. */
export interface Fault {
  on: number;
  what: 'killed' | 'disk full' | Fate;
  /** The point, the write or the request at which it does, from 1. */
  at: number;
}

/** How many places there are for faults in a history that was lived through. */
export interface Places {
  points: number;
  writes: number;
  requests: number;
}

const fullForMs = 20_000;

/** Has this fault happen in this world. */
export function plant({ browsers }: World, { on, what, at }: Fault): void {
  const browser = browsers[on];
  if (browser === undefined) return;
  if (what === 'killed') browser.fuse.killAt = at;
  else if (what === 'disk full') browser.fillAt(at, fullForMs);
  else browser.network.planned.set(at, what);
}

export function placesIn({ browsers }: World): Places[] {
  return browsers.map(({ fuse, network }) => ({ points: fuse.points, writes: fuse.writes, requests: network.sent }));
}
