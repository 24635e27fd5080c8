import { expect, test } from 'vitest';
import { type SyncFacts, syncWords } from './sync-words.ts';

const now = Date.parse('2026-11-20T09:41:00');
const usual: SyncFacts = {
  signedIn: true,
  tier: 'studio',
  online: true,
  syncing: false,
  waiting: 0,
  lastSynced: now - 1_000,
  problem: null,
  now,
};
const said = (facts: Partial<SyncFacts>) => syncWords({ ...usual, ...facts }).text;

test('without an account nothing is said of syncing, whatever waits and whatever failed', () => {
  expect(said({ signedIn: false, waiting: 3, online: false })).toBe('Only on this device');
  expect(said({ tier: 'free', waiting: 3 })).toBe('Only on this device');
  expect(said({ problem: { code: 'tier', at: now, failures: 1 } })).toBe('Only on this device');
});

test('after a sync it says how long ago it was', () => {
  expect(said({})).toBe('Synced just now');
  expect(said({ lastSynced: now - 3 * 60_000 })).toBe('Synced 3 min ago');
  expect(said({ lastSynced: now + 60_000 })).toBe('Synced just now');
});

test('what waits is counted, online and offline', () => {
  expect(said({ waiting: 2 })).toBe('2 waiting');
  expect(said({ waiting: 2, online: false })).toBe('Offline · 2 waiting');
  expect(said({ online: false })).toBe('Offline');
});

test('a sync never done is not called synced', () => {
  expect(said({ lastSynced: null })).toBe('Not synced yet');
  expect(said({ lastSynced: null, syncing: true })).toBe('Syncing…');
});

test('a failure is said only after a retry had its chance', () => {
  expect(said({ problem: { code: 'network', at: now, failures: 1 }, waiting: 1 })).toBe('1 waiting');
  expect(said({ problem: { code: 'network', at: now, failures: 2 }, waiting: 1 })).toBe(
    'Sync problem: the server cannot be reached',
  );
  expect(said({ problem: { code: 'network', at: now, failures: 2 }, syncing: true })).toBe('Syncing…');
});

test('what waiting does not cure is said at once, also offline', () => {
  expect(said({ problem: { code: 'signed-out', at: now, failures: 1 }, online: false })).toBe(
    'Sync problem: please sign in again',
  );
});
