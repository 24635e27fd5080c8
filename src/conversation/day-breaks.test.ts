import { expect, test } from 'vitest';
import { dayBreaks } from './day-breaks.ts';

const now = new Date(2026, 10, 20, 9, 41).getTime();
const at = (day: number, hour: number) => ({ at: new Date(2026, 10, day, hour).getTime() });

test('each day is named once, above its first message', () => {
  expect(dayBreaks([at(11, 8), at(11, 9), at(19, 23), at(20, 0), at(20, 9)], now)).toEqual([
    'Wednesday 11 November',
    null,
    'Yesterday',
    'Today',
    null,
  ]);
});
