import { expect, test } from 'vitest';
import { planWords } from './plan-words.ts';

test('the plan is said in words, and not guessed before the server named it', () => {
  const policy = { interval: 30, maxOps: 500, maxPull: 5_000 };
  expect(planWords(true, { tier: 'studio', ...policy }).help).toBe('Syncs every 30 s on all your devices.');
  expect(planWords(true, { tier: 'free', ...policy }).help).toBe('Your conversations stay on this device.');
  expect(planWords(true, null)).toEqual({ name: null, help: 'Not synced yet' });
  expect(planWords(false, null).name).toBeNull();
});
