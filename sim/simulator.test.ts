import { expect, test } from 'vitest';
import { drawHistory } from './draw-history.ts';
import type { History } from './history.ts';
import { knownHistories } from './known-histories.ts';
import { liveThrough } from './live-through.ts';

const alone: History['setting'] = { browsers: [{ wakes: true, skew: 0 }], maxOps: 500, maxPull: 5_000, realtime: true };

test('a seed tells the same story every time, to the letter', async () => {
  for (const seed of [7, 8]) {
    const once = await liveThrough(seed, drawHistory(seed));
    const again = await liveThrough(seed, drawHistory(seed));
    expect(again).toEqual(once);
    expect((await liveThrough(seed + 100, drawHistory(seed))).fingerprint).not.toBe(once.fingerprint);
  }
});

test('what happens in a story happens: a message that is written is on the server in the end', async () => {
  const steps: History['steps'] = [
    { do: 'sign in', on: 0, user: 0, pause: { ms: 2_000 } },
    { do: 'write new', on: 0, pause: { ms: 2_000 } },
  ];
  const { broken, requests, places } = await liveThrough(1, { setting: alone, steps });
  expect(broken).toBeNull();
  expect(requests).toBeGreaterThan(1);
  expect(places[0]?.writes).toBeGreaterThan(5);
});

const hour = { ms: 3_600_000 };

test('a server that is down for an hour is asked seldom, by a page in sight too', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const steps: History['steps'] = [
      { do: 'sign in', on: 0, user: 0, pause: { ms: 2_000 } },
      { do: 'outage', status: 500, pause: { ms: 1 } },
      { do: 'write new', on: 0, pause: hour },
    ];
    const { broken, places } = await liveThrough(seed, { setting: alone, steps });
    expect(broken).toBeNull();
    expect(places[0]?.requests).toBeGreaterThan(5);
    expect(places[0]?.requests).toBeLessThan(50);
  }
});

test('nothing is asked for while no page is in sight', async () => {
  const steps: History['steps'] = [
    { do: 'sign in', on: 0, user: 0, pause: { ms: 2_000 } },
    { do: 'hide', on: 0, pause: { ms: 2_000 } },
  ];
  const before = await liveThrough(1, { setting: alone, steps });
  const after = await liveThrough(1, { setting: alone, steps: [...steps, { do: 'outage ends', pause: hour }] });
  expect(after.places[0]?.requests).toBe(before.places[0]?.requests);
});

test.each(Object.entries(knownHistories))('%s', async (_, { seed, history }) => {
  expect((await liveThrough(seed, history)).broken).toBeNull();
});
