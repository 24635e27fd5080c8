import { expect, test } from 'vitest';
import { planWords } from './plan-words.ts';

const policy = { interval: 30, maxOps: 500, maxPull: 5_000 };
const free = {
  name: 'Free',
  help: 'This plan keeps your conversations on this device. Nothing is sent to other devices.',
};

test('the plan is said in words, and not guessed before the server named it', () => {
  expect(planWords(true, { policy: { tier: 'studio', ...policy }, problem: null })).toEqual({
    name: 'Studio',
    help: 'Syncs every 30 s on all your devices.',
  });
  expect(planWords(true, { policy: { tier: 'free', ...policy }, problem: null })).toEqual(free);
  expect(planWords(true, null)).toEqual({ name: null, help: 'Not synced yet' });
  expect(planWords(false, null).name).toBeNull();
});

test('a plan that stopped syncing is not said to sync', () => {
  const problem = { code: 'tier', at: 1, failures: 1 } as const;
  expect(planWords(true, { policy: { tier: 'studio', ...policy }, problem })).toEqual(free);
  expect(planWords(true, { policy: null, problem })).toEqual(free);
});

test('a plan of a later version is not called by a name it does not have', () => {
  const later = planWords(true, { policy: { tier: 'observatory', ...policy }, problem: null });
  expect(later).toEqual({ name: null, help: 'Syncs every 30 s on all your devices.' });
});
