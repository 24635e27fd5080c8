import { words } from './words.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(words.locale, options);
const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exactClock = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const shortDay = format({ day: 'numeric', month: 'short' });
const shortDayWithYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
const longDay = format({ weekday: 'long', day: 'numeric', month: 'long' });
const longDayWithYear = format({ day: 'numeric', month: 'long', year: 'numeric' });

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** How many midnights lie between then and now; what seems to come from the future counts as today. */
export function daysBetween(then: number, now: number): number {
  return Math.max(0, Math.round((midnight(now) - midnight(then)) / day));
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** 09:41 */
export function timeOfDay(ms: number): string {
  return clock.format(ms);
}

/** 09:41:02 */
export function exactTimeOfDay(ms: number): string {
  return exactClock.format(ms);
}

/** 17 Nov, with the year when it is another one. */
export function shortDate(ms: number, now: number): string {
  return sameYear(ms, now) ? shortDay.format(ms) : shortDayWithYear.format(ms);
}

/** What stands beside a title in the list: the time today, else the day. */
export function listTime(ms: number, now: number): string {
  const days = daysBetween(ms, now);
  if (days === 0) return timeOfDay(ms);
  return days === 1 ? words.yesterday : shortDate(ms, now);
}

/** What stands above the messages of a day. */
export function dayName(ms: number, now: number): string {
  const days = daysBetween(ms, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  return sameYear(ms, now) ? longDay.format(ms) : longDayWithYear.format(ms);
}

/** just now, 3 min ago, 2 h ago, 4 days ago */
export function ago(then: number, now: number): string {
  const passed = now - then;
  if (passed < minute) return words.justNow;
  if (passed < hour) return words.minutesAgo(Math.floor(passed / minute));
  if (passed < day) return words.hoursAgo(Math.floor(passed / hour));
  return words.daysAgo(Math.floor(passed / day));
}
