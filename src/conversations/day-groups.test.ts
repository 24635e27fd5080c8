import { expect, test } from 'vitest';
import { dayGroups } from './day-groups.ts';

const now = new Date(2026, 10, 20, 9, 41).getTime();
const on = (day: number, name = '') => ({ at: new Date(2026, 10, day, 8).getTime(), name });

test('the list is cut into today, yesterday and earlier', () => {
  const groups = dayGroups([on(20), on(20), on(19), on(12), on(1)], now);
  expect(groups.map((group) => [group.day, group.items.length])).toEqual([
    ['today', 2],
    ['yesterday', 1],
    ['earlier', 2],
  ]);
});

test('a conversation from a device with a wrong clock neither moves nor opens a group twice', () => {
  const groups = dayGroups([on(20, 'a'), on(12, 'b'), on(25, 'from the future'), on(19, 'c')], now);
  expect(groups.map((group) => group.day)).toEqual(['today', 'earlier']);
  expect(groups[1]?.items.map((item) => item.name)).toEqual(['b', 'from the future', 'c']);
});

test('without conversations there are no headings', () => {
  expect(dayGroups([], now)).toEqual([]);
});
