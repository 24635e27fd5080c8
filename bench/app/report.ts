import { median } from '../db/interleave.ts';
import type { Demand } from '../demand.ts';
import { count, demandTable, figure, table } from '../performance-page.ts';
import type { Setting } from './app-setting.ts';
import { named } from './demands.ts';
import { timesRaw } from './measure/rounds.ts';
import type { Pair } from './measure/turns.ts';
import type { Figures } from './measure-all.ts';

export interface Run {
  figures: Figures;
  demands: Demand[];
  setting: Setting;
  machine: { cores: number; browser: string; node: string };
  seconds: number;
}

/** What a run found, in words and tables. */
export function reportOf({ figures, demands, setting, machine, seconds }: Run): string {
  const { first, slow, pulls, readings, offline, coldStarts } = figures;
  return [
    `Chromium ${machine.browser} and the server of \`npm start\` with PostgreSQL on the same ${machine.cores} cores (Node ${machine.node.slice(1)}); ` +
      `${setting.conversations} conversations of ${setting.messages} messages of about 500 characters; ${setting.rounds} rounds in turns; ` +
      `${Math.round(seconds / 60)} minutes. Times are medians of the rounds, ratios medians of their ratios.`,
    '',
    demandTable(demands),
    '',
    table(
      ['', 'ours, ms', 'raw, ms', 'ours is', 'requests'],
      [
        row('first sync', first, String(median(first.map(({ requests }) => requests)))),
        row(
          `first sync, ${setting.delayMs} ms more for each request`,
          slow,
          String(median(slow.map(({ requests }) => requests))),
        ),
        ...pulls.map(({ size, rounds, requests }) => row(named(size), rounds, String(requests))),
        row(
          `sending ${count(setting.offline)} messages`,
          offline.drains,
          String(Math.max(...offline.drains.map(({ requests }) => requests))),
        ),
        row('reading the latest 50 of a conversation', readings.conversation, ''),
        row('reading the list of 20', readings.list, ''),
      ],
    ),
    '',
    `The first conversations are on screen ${figure(median(first.map(({ listedMs }) => listedMs)))} ms after the first sync begins. ` +
      `A worker that was stopped answers its first message after ${figure(median(coldStarts))} ms. ` +
      `The engine has ${count(figures.engineBytes)} bytes after gzip.`,
  ].join('\n');
}

function row(what: string, rounds: Pair[], requests: string): string[] {
  const ours = median(rounds.map((round) => round.ours));
  const raw = median(rounds.map((round) => round.raw));
  return [what, figure(ours), figure(raw), `${figure(timesRaw(rounds))}×`, requests];
}
