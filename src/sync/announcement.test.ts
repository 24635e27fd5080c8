import { expect, test } from 'vitest';
import { type Announced, announcement, silence } from './announcement.ts';
import type { SyncWords } from './sync-words.ts';

const synced: SyncWords = { tone: 'quiet', leg: 'sent', text: 'Synced just now' };
const offline: SyncWords = { tone: 'warn', leg: 'offline', text: 'Offline · 1 waiting' };
const waiting: SyncWords = { tone: 'warn', leg: 'saved', text: '1 waiting' };
const trouble: SyncWords = { tone: 'danger', leg: 'problem', text: 'Sync problem: please sign in again' };
const local: SyncWords = { tone: 'quiet', leg: 'local', text: 'Only on this device' };

/** What is in the live region after each of these. */
function heard(...steps: [account: string, said: SyncWords | null][]): string[] {
  let now: Announced = silence;
  return steps.map(([account, said]) => {
    now = announcement(now, account, said);
    return now.text;
  });
}

test('going offline, trouble and their end are read out, the rest is not', () => {
  expect(heard(['a', synced], ['a', offline], ['a', synced], ['a', trouble], ['a', synced])).toEqual([
    '',
    'Offline · 1 waiting',
    'Synced just now',
    'Sync problem: please sign in again',
    'Synced just now',
  ]);
});

test('what was read out does not stay when it is no longer true', () => {
  const steps: [string, SyncWords][] = [
    ['a', synced],
    ['a', offline],
    ['a', waiting],
    ['a', synced],
  ];
  expect(heard(...steps)).toEqual(['', 'Offline · 1 waiting', '1 waiting', '']);
});

test('signing out empties what was read out, and reads out nothing of the other account', () => {
  expect(heard(['a', synced], ['a', trouble], ['nobody', null], ['nobody', local])).toEqual([
    '',
    'Sync problem: please sign in again',
    '',
    '',
  ]);
  expect(heard(['a', synced], ['a', trouble], ['nobody', local])[2]).toBe('');
});
