import { daysBetween } from '../words/times.ts';

export type DayGroup = 'today' | 'yesterday' | 'earlier';
const order: readonly DayGroup[] = ['today', 'yesterday', 'earlier'];

/**
 * The list cut into days. It is ordered by what the server counted, not by clocks, so a time that does not fit stays
 * where it is: groups never come twice.
 */
export function dayGroups<T extends { at: number }>(items: readonly T[], now: number): { day: DayGroup; items: T[] }[] {
  const groups: { day: DayGroup; items: T[] }[] = [];
  let reached = 0;
  for (const item of items) {
    reached = Math.max(reached, Math.min(2, daysBetween(item.at, now)));
    const day = order[reached] ?? 'earlier';
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}
