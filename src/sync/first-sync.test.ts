import { expect, test } from 'vitest';
import { firstSyncPercent } from './first-sync.ts';

test('the first sync shows how much of the walk is done', () => {
  expect(firstSyncPercent({ seq: 900, floor: 901 })).toBe(0);
  expect(firstSyncPercent({ seq: 900, floor: 451 })).toBe(50);
  expect(firstSyncPercent({ seq: 900, floor: 1 })).toBe(100);
});

test('there is no progress before the first answer, and none when all is here', () => {
  expect(firstSyncPercent(null)).toBeNull();
  expect(firstSyncPercent({ seq: 900, floor: null })).toBeNull();
  expect(firstSyncPercent({ seq: 0, floor: 1 })).toBeNull();
});
