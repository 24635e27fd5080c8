import { median } from '../db/interleave.ts';
import { atMost, type Demand, inEveryRun } from '../demand.ts';
import type { Setting } from './app-setting.ts';
import { timesRaw } from './measure/rounds.ts';
import type { Figures } from './measure-all.ts';

/** At most so many times raw, by how many messages are pulled. */
const pullsMost: Record<number, number> = { 0: 1.5, 1: 1.5, 10: 1.5, 100: 1.2 };

/** Every demanded figure beside what was found. */
export function judge(figures: Figures, setting: Setting): Demand[] {
  const { first, slow, readings, pulls, offline } = figures;
  return [
    atMost(0.6, 'first sync, times raw', timesRaw(first)),
    atMost(1, `first sync with ${setting.delayMs} ms more for every request, times raw`, timesRaw(slow)),
    atMost(300, 'first conversations on screen, ms', median(first.map(({ listedMs }) => listedMs))),
    ...pulls.flatMap(({ size, rounds, requests }) => [
      atMost(pullsMost[size] ?? 1.2, `sync with ${named(size)}, times raw`, timesRaw(rounds)),
      inEveryRun(atMost(1, `sync with ${named(size)}, requests, preflights among them`, requests)),
    ]),
    ...pulls
      .filter(({ size }) => size > 0)
      .map(({ size, bytes }) =>
        inEveryRun(
          atMost(1.3, `answer with ${named(size)}, less 300 bytes, times its rows`, (bytes.answer - 300) / bytes.rows),
        ),
      ),
    atMost(
      50,
      'message written offline, from Enter to stored and on screen, ms',
      median(offline.written.map(({ shown }) => shown)),
    ),
    atMost(5, 'of it the worker, ms', median(offline.written.map(({ worker }) => worker))),
    inEveryRun(
      atMost(
        3,
        `requests for ${setting.offline} messages written offline`,
        Math.max(...offline.drains.map(({ requests }) => requests)),
      ),
    ),
    atMost(3, 'sending them, times one request of raw', timesRaw(offline.drains)),
    inEveryRun(atMost(0, 'of them lost', offline.lost)),
    inEveryRun(atMost(0, 'of them twice on the server', offline.twice)),
    atMost(2, 'reading the latest 50 of a conversation, times raw', timesRaw(readings.conversation)),
    atMost(2, 'reading the list of 20, times raw', timesRaw(readings.list)),
    inEveryRun(atMost(2, `requests for ${setting.triggers} triggers in a second`, figures.triggers)),
    inEveryRun(atMost(20_000, 'engine without supabase-js, bytes after gzip', figures.engineBytes)),
  ];
}

/** How many messages a sync brings, in words. */
export function named(size: number): string {
  if (size === 0) return 'nothing changed';
  return size === 1 ? '1 new message' : `${size} new messages`;
}
