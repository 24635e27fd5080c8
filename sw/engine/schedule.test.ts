import { expect, test } from 'vitest';
import type { ProblemCode } from '../../contract/database.ts';
import { decide, dueTime, pollDelay, type Situation } from './schedule.ts';
import type { Trigger } from './sync-policy.ts';

const now = 1_000_000_000;
const year = 365 * 24 * 3_600_000;
const calm: Situation = {
  now,
  nextDue: now + 30_000,
  problem: null,
  lastSynced: now - 20_000,
  policy: null,
  waiting: true,
  pageVisible: true,
  online: true,
  live: false,
  polling: true,
};
/** The situation after these events, each at its time, as the decisions persisted it. */
function after(events: [trigger: Trigger, at: number][]): Situation {
  const at = { ...calm };
  for (const [trigger, ms] of events) {
    at.now = now + ms;
    at.gathered = decide(trigger, at).gathered ?? at.gathered ?? {};
  }
  return at;
}
const failing = (code: ProblemCode, more: Partial<Situation> = {}): Situation => ({
  ...calm,
  problem: { code, at: now - 1_000, failures: 3 },
  ...more,
});

test('a message is sent at once', () => {
  expect(dueTime('message', calm)).toBe(now);
  expect(decide('message', calm).sync).toBe(true);
});

test('nothing is asked for when nothing waits', () => {
  for (const trigger of ['message', 'title', 'other', 'hidden', 'background-sync'] as Trigger[]) {
    expect(dueTime(trigger, { ...calm, waiting: false })).toBeNull();
  }
});

test('a title waits five seconds after the last key, other changes two and ten at most', () => {
  const due = (events: [Trigger, number][]) => Object.values(after(events).gathered ?? {}).map((one) => one.due - now);
  expect(
    due([
      ['title', 0],
      ['title', 4_000],
    ]),
  ).toEqual([9_000]);
  expect(
    due([
      ['other', 0],
      ['other', 1_000],
    ]),
  ).toEqual([3_000]);
  const typing = [0, 1_900, 3_800, 5_700, 7_600, 9_500].map((ms): [Trigger, number] => ['other', ms]);
  expect(due(typing)).toEqual([10_000]);
});

test('what the server says of a debounce holds', () => {
  const debounces = { title: { ms: 20_000, most: 60_000 }, message: { ms: 9_000, most: 9_000 } };
  const at = { ...calm, policy: { tier: 'core', interval: 60, maxOps: 500, maxPull: 500, debounces } } as const;
  expect(decide('title', at)).toMatchObject({ sync: false, servedAt: now + 20_000 });
  // Sending never waits.
  expect(decide('message', at).sync).toBe(true);
});

test('whatever happens, what is overdue is done first', () => {
  const title = after([['title', 0]]);
  expect(decide('hidden', { ...title, now: now + 4_000, waiting: false })).toMatchObject({ sync: false });
  for (const trigger of ['poke', 'poll', 'start', 'background-sync', 'other'] as Trigger[]) {
    expect(decide(trigger, { ...title, now: now + 5_000 }).sync).toBe(true);
  }
  const poll = { ...calm, waiting: false, nextDue: now - 1 };
  for (const trigger of ['hidden', 'message', 'periodic'] as Trigger[]) expect(decide(trigger, poll).sync).toBe(true);
});

test('a title that was being typed when the worker was killed is sent when it is due, not before and not later', () => {
  const killed = after([['title', 0]]);
  expect(decide('start', { ...killed, now: now + 3_000 })).toMatchObject({ sync: false, servedAt: now + 5_000 });
  expect(decide('start', { ...killed, now: now + 5_000, pageVisible: false }).sync).toBe(true);
});

test('what was gathered by a clock that has been set back since is sent now', () => {
  const title = after([['title', 0]]);
  expect(decide('poll', { ...title, now: now - year }).sync).toBe(true);
});

test('polls come when they are due, and only while a page is in sight and polling is on', () => {
  expect(dueTime('poll', { ...calm, waiting: false })).toBe(now + 30_000);
  expect(dueTime('poll', { ...calm, waiting: false, nextDue: now - 1 })).toBe(now);
  expect(dueTime('poll', { ...calm, pageVisible: false })).toBeNull();
  expect(dueTime('poll', { ...calm, online: false })).toBeNull();
  expect(dueTime('poll', { ...calm, waiting: false, polling: false })).toBeNull();
});

test('after a failure everything waits for its turn, except what a person or the network asks for', () => {
  const at = failing('network');
  for (const trigger of ['poll', 'start'] as Trigger[]) expect(dueTime(trigger, at)).toBe(now + 30_000);
  for (const trigger of ['sync-now', 'sign-in', 'online'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now);
  }
});

test('who comes back or writes some seconds after a failure does not wait for minutes', () => {
  const at = failing('server', { problem: { code: 'server', at: now - 5_000, failures: 9 } });
  for (const trigger of ['message', 'title', 'other', 'hidden', 'visible'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now);
  }
  for (const trigger of ['poll', 'start'] as Trigger[]) expect(dueTime(trigger, at)).toBe(now + 30_000);
  expect(dueTime('message', failing('server'))).toBe(now + 4_000);
  expect(dueTime('message', failing('server', { nextDue: now + 1_000 }))).toBe(now + 1_000);
});

test('a server that asked for a pause is disturbed only by a person', () => {
  const at = failing('throttled', {
    problem: { code: 'throttled', at: now - 9_000, failures: 3, notBefore: now + 20_000 },
  });
  for (const trigger of ['online', 'background-sync', 'visible', 'message'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now + 20_000);
  }
  expect(dueTime('sync-now', at)).toBe(now);
});

test('a pause that the server asked for is over when it is, however many failures there were', () => {
  const at = failing('throttled', {
    problem: { code: 'throttled', at: now - 9_000, failures: 30, notBefore: now - 1 },
    nextDue: now + 250_000,
  });
  for (const trigger of ['online', 'background-sync', 'visible', 'message'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now);
  }
  expect(dueTime('poll', at)).toBe(now + 250_000);
});

test('a tier without sync is asked about by a page that is shown and by a starting worker, once a minute', () => {
  const since = (ms: number) => failing('tier', { problem: { code: 'tier', at: now - ms, failures: 8 } });
  for (const trigger of ['visible', 'start'] as Trigger[]) {
    expect(dueTime(trigger, since(59_000))).toBeNull();
    expect(dueTime(trigger, since(60_000))).toBe(now);
  }
  for (const trigger of ['message', 'poll', 'online', 'background-sync'] as Trigger[]) {
    expect(dueTime(trigger, since(60_000))).toBeNull();
  }
});

test('a problem that only a person mends makes no requests by itself', () => {
  for (const code of ['signed-out', 'tier', 'account-gone', 'too-old'] as ProblemCode[]) {
    for (const trigger of ['message', 'poll', 'online', 'visible', 'background-sync', 'start'] as Trigger[]) {
      expect(dueTime(trigger, failing(code))).toBeNull();
    }
    expect(dueTime('sync-now', failing(code))).toBe(now);
    expect(dueTime('sign-in', failing(code))).toBe(now);
  }
});

test('a due time written by a clock that was years ahead holds nothing up', () => {
  expect(dueTime('poll', { ...calm, nextDue: now + 5 * year })).toBe(now);
  expect(dueTime('message', failing('network', { nextDue: now + 5 * year }))).toBe(now);
});

test('a failure noted by a clock that has been set back since holds nobody up', () => {
  const at = now + 1_800_000;
  for (const trigger of ['sync-now', 'online', 'background-sync', 'visible', 'message'] as Trigger[]) {
    expect(dueTime(trigger, failing('network', { problem: { code: 'network', at, failures: 3 } }))).toBe(now);
  }
  expect(dueTime('visible', failing('tier', { problem: { code: 'tier', at, failures: 3 } }))).toBe(now);
});

test('coming back right after a sync asks for nothing', () => {
  expect(dueTime('visible', { ...calm, waiting: false, lastSynced: now - 1_000 })).toBe(now + 30_000);
  expect(dueTime('visible', { ...calm, waiting: false })).toBe(now);
  expect(decide('visible', { ...calm, waiting: false, lastSynced: now - 1_000 })).toMatchObject({
    sync: false,
    servedAt: null,
  });
});

test('the interval is the server’s, no longer than configured and never below the least gap', () => {
  expect(pollDelay(60, 5, false)).toBe(60_000);
  expect(pollDelay(3_600, 5, false)).toBe(300_000);
  expect(pollDelay(1, 5, false)).toBe(30_000);
});

test('a poor connection is asked half as often', () => {
  expect(pollDelay(60, 5, true)).toBe(120_000);
  expect(pollDelay(3_600, 5, true)).toBe(300_000);
});

test('while the realtime channel stands and nothing waits, one poll an hour makes sure; when it falls, polls come as ever', () => {
  const live = { ...calm, waiting: false, live: true, nextDue: now - 1, lastSynced: now - 60_000 };
  expect(dueTime('poll', live)).toBe(now - 60_000 + 3_600_000);
  expect(dueTime('poll', { ...live, live: false })).toBe(now);
  expect(dueTime('poll', { ...live, waiting: true })).toBe(now);
  expect(dueTime('poll', { ...live, lastSynced: null })).toBe(now);
  expect(dueTime('poll', { ...live, lastSynced: now + year })).toBe(now);
});

test('a channel that was joined, or pokes, asks for a sync at once, unless no page is in sight', () => {
  for (const trigger of ['joined', 'poke'] as Trigger[]) {
    expect(dueTime(trigger, { ...calm, waiting: false, live: true })).toBe(now);
    expect(dueTime(trigger, { ...calm, pageVisible: false })).toBeNull();
  }
  expect(dueTime('poke', failing('network'))).toBe(now + 30_000);
  expect(dueTime('poke', failing('tier', { problem: { code: 'tier', at: now - 5_000, failures: 1 } }))).toBe(now);
});

test('while a page says that the network is gone nothing is tried, until somebody knows better', () => {
  const offline = { ...calm, online: false };
  for (const trigger of ['message', 'hidden', 'visible', 'start', 'poll'] as Trigger[]) {
    expect(dueTime(trigger, offline)).toBeNull();
  }
  for (const trigger of ['sync-now', 'online', 'background-sync', 'push', 'joined', 'poke'] as Trigger[]) {
    expect(dueTime(trigger, offline)).toBe(now);
  }
});

test('a push from the server wakes a worker that nobody sees; the browser’s own rhythm takes its turn', () => {
  const hidden = { ...calm, waiting: false, pageVisible: false };
  expect(dueTime('push', hidden)).toBe(now);
  expect(dueTime('periodic', hidden)).toBe(now + 30_000);
  expect(dueTime('periodic', { ...hidden, nextDue: now - 1 })).toBe(now);
  expect(dueTime('periodic', { ...hidden, nextDue: now - 1, polling: false })).toBeNull();
});

test('a server that failed five times in a row is left alone for a while by all but a person and the network', () => {
  const breaker = { failures: 5, openUntil: now + 20_000 };
  const at = failing('server', {
    breaker,
    nextDue: now + 1_000,
    problem: { code: 'server', at: now - 10_000, failures: 5 },
  });
  for (const trigger of ['message', 'visible', 'background-sync', 'push', 'poll'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now + 20_000);
  }
  for (const trigger of ['sync-now', 'sign-in', 'online'] as Trigger[]) expect(dueTime(trigger, at)).toBe(now);
  expect(dueTime('message', { ...at, now: now + 20_000 })).toBe(now + 20_000);
});

test('Background Sync with no page left does not wait for what only a page in sight would have got', () => {
  const closed = { ...calm, pageVisible: false, online: false };
  const gathered = { visible: { first: now - 100, due: now + 900, count: 1 } };
  expect(decide('background-sync', { ...closed, gathered }).sync).toBe(true);
  const typing = { title: { first: now - 100, due: now + 4_900, count: 1 } };
  expect(decide('background-sync', { ...calm, pageVisible: false, gathered: typing }).sync).toBe(false);
});
