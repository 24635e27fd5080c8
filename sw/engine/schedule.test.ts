import { expect, test } from 'vitest';
import type { ProblemCode } from '../../contract/database.ts';
import { dueTime, gather, pollDelay, type Situation, type Trigger } from './schedule.ts';

const now = 1_000_000_000;
const year = 365 * 24 * 3_600_000;
const calm: Situation = {
  now,
  nextDue: now + 30_000,
  problem: null,
  lastSynced: now - 20_000,
  waiting: true,
  pageVisible: true,
  online: true,
  polling: true,
};
const failing = (code: ProblemCode, more: Partial<Situation> = {}): Situation => ({
  ...calm,
  problem: { code, at: now - 1_000, failures: 3 },
  ...more,
});

test('a message is sent at once', () => {
  expect(dueTime('message', calm)).toBe(now);
  expect(gather('message', null, now).due).toBe(now);
});

test('nothing is asked for when nothing waits', () => {
  for (const trigger of ['message', 'title', 'other', 'hidden', 'background-sync'] as Trigger[]) {
    expect(dueTime(trigger, { ...calm, waiting: false })).toBeNull();
  }
});

test('a title waits five seconds after the last key, other changes two and ten at most', () => {
  expect(gather('title', gather('title', null, now), now + 4_000).due).toBe(now + 9_000);
  expect(gather('other', gather('other', null, now), now + 1_000).due).toBe(now + 3_000);
  expect(gather('other', gather('other', null, now), now + 9_500).due).toBe(now + 10_000);
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
  for (const trigger of ['sync-now', 'sign-in', 'online', 'background-sync'] as Trigger[]) {
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
});

test('the interval is the server’s, no longer than configured and never below the least gap', () => {
  expect(pollDelay(60, 5)).toBe(60_000);
  expect(pollDelay(3_600, 5)).toBe(300_000);
  expect(pollDelay(1, 5)).toBe(30_000);
});
