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
  for (const trigger of ['message', 'title', 'other', 'hidden', 'visible', 'poll', 'start'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now + 30_000);
  }
  for (const trigger of ['sync-now', 'sign-in', 'online', 'background-sync'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now);
  }
});

test('a server that asked for a pause is disturbed only by a person', () => {
  const at = failing('throttled');
  for (const trigger of ['online', 'background-sync', 'visible', 'message'] as Trigger[]) {
    expect(dueTime(trigger, at)).toBe(now + 30_000);
  }
  expect(dueTime('sync-now', at)).toBe(now);
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

test('coming back right after a sync asks for nothing', () => {
  expect(dueTime('visible', { ...calm, waiting: false, lastSynced: now - 1_000 })).toBe(now + 30_000);
  expect(dueTime('visible', { ...calm, waiting: false })).toBe(now);
});

test('the interval is the server’s, no longer than configured and never below the least gap', () => {
  expect(pollDelay(60, 5)).toBe(60_000);
  expect(pollDelay(3_600, 5)).toBe(300_000);
  expect(pollDelay(1, 5)).toBe(30_000);
});
