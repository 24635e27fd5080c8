import { expect, test } from 'vitest';
import {
  afterEvent,
  lookAgainAt,
  mayHaveMissed,
  off,
  type RealtimeEvent,
  type RealtimeState,
  type Wish,
} from './realtime-state.ts';
import { seededRandom } from './testing/device.ts';

const random = seededRandom(1);
const look = (wish: Wish): RealtimeEvent => ({ is: 'look', wish });
const joined: RealtimeEvent = { is: 'joined' };
const lost: RealtimeEvent = { is: 'lost', full: false };

/** Lets these happen at these times, one after the other. */
function after(...happened: [now: number, event: RealtimeEvent][]): RealtimeState {
  return happened.reduce<RealtimeState>((state, [now, event]) => afterEvent(state, event, now, random), off);
}

test('it is joined when a page is in sight, and not for a hidden app', () => {
  expect(after([0, look('here')]).is).toBe('joining');
  expect(after([0, look('away')]).is).toBe('off');
  expect(after([0, look('no')]).is).toBe('off');
  expect(after([0, look('here')], [1, joined]).is).toBe('live');
});

test('on joining, and once more a little later, what may have been missed is asked for', () => {
  const joining = after([0, look('here')]);
  const live = afterEvent(joining, joined, 100, random);
  expect(mayHaveMissed(joining, live)).toBe(true);
  const again = lookAgainAt(live, 'here') ?? 0;
  expect(again).toBeGreaterThan(100 + 2_000);
  expect(again).toBeLessThan(100 + 10_000);
  const early = afterEvent(live, look('here'), again - 1, random);
  expect(mayHaveMissed(live, early)).toBe(false);
  const later = afterEvent(early, look('here'), again, random);
  expect(mayHaveMissed(early, later)).toBe(true);
  expect(mayHaveMissed(later, afterEvent(later, look('here'), again + 1, random))).toBe(false);
  expect(lookAgainAt(later, 'here')).toBeNull();
});

test('who only looks at something else for a moment keeps the connection; a hidden app gives it up', () => {
  const live = after([0, look('here')], [0, joined], [60_000, look('here')]);
  const away = afterEvent(live, look('away'), 65_000, random);
  expect(away.is).toBe('live');
  const until = lookAgainAt(away, 'away') ?? 0;
  expect(until).toBeLessThanOrEqual(60_000 + 30_000);
  expect(afterEvent(away, look('here'), until - 1, random).is).toBe('live');
  expect(afterEvent(away, look('away'), until, random).is).toBe('off');
});

test('without an account or a network it ends at once, and begins at once when they are back', () => {
  const live = after([0, look('here')], [0, joined]);
  const ended = afterEvent(live, look('no'), 1, random);
  expect(ended.is).toBe('off');
  expect(afterEvent(ended, look('here'), 2, random).is).toBe('joining');
  const waiting = after([0, look('here')], [0, lost], [1, look('no')], [2, look('here')]);
  expect(waiting.is).toBe('joining');
});

test('after a failure it waits, longer with each, never for hours, and not as long as others', () => {
  let state = after([0, look('here')]);
  let now = 0;
  const waits: number[] = [];
  for (let nth = 0; nth < 200; nth++) {
    state = afterEvent(state, lost, now, random);
    const until = lookAgainAt(state, 'here') ?? Number.NaN;
    waits.push(until - now);
    if (until > now) expect(afterEvent(state, look('here'), until - 1, random)).toBe(state);
    now = until;
    state = afterEvent(state, look('here'), now, random);
    expect(state.is).toBe('joining');
  }
  expect(waits[0]).toBeLessThan(2_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5 * 60_000);
  expect(Math.max(...waits)).toBeGreaterThan(60_000);
  expect(new Set(waits.slice(20)).size).toBeGreaterThan(150);
});

test('a server that takes everybody and drops them again is not asked in a loop; one that restarted is, at once', () => {
  const dropped = after(
    [0, look('here')],
    [0, joined],
    [1_000, lost],
    [9_000, look('here')],
    [9_000, joined],
    [9_001, lost],
  );
  expect(dropped).toMatchObject({ is: 'lost', failures: 2 });
  const restarted = afterEvent(
    afterEvent({ ...dropped, until: 0 } as RealtimeState, look('here'), 10_000, random),
    joined,
    10_000,
    random,
  );
  expect(afterEvent(restarted, lost, 100_000, random)).toMatchObject({ is: 'lost', failures: 1 });
});

test('a device that finds others listening already asks again minutes later', () => {
  const full = after([0, look('here')], [0, { is: 'lost', full: true }]);
  expect(lookAgainAt(full, 'here')).toBeGreaterThanOrEqual(120_000);
  expect(lookAgainAt(full, 'here')).toBeLessThanOrEqual(430_000);
});

test('a join that is never answered is begun anew', () => {
  const joining = after([0, look('here')]);
  const until = lookAgainAt(joining, 'here') ?? 0;
  expect(afterEvent(joining, look('here'), until - 1, random)).toBe(joining);
  expect(afterEvent(joining, look('here'), until, random)).toMatchObject({ is: 'joining', failures: 1 });
});

test('what a line says that was given up already changes nothing', () => {
  expect(afterEvent(off, joined, 0, random)).toBe(off);
  expect(afterEvent(off, lost, 0, random)).toBe(off);
  const waiting = after([0, look('here')], [0, lost]);
  expect(afterEvent(waiting, joined, 0, random)).toBe(waiting);
  expect(afterEvent(waiting, lost, 0, random)).toBe(waiting);
});
