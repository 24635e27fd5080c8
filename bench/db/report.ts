import { mkdir, writeFile } from 'node:fs/promises';
import type { Demand } from '../demand.ts';
import { count, demandTable, figure, table, writeSection } from '../performance-page.ts';
import type { Setting } from './bench-setting.ts';
import { drawGrowth } from './draw-growth.ts';
import { type Measured, ratio } from './interleave.ts';
import type { Touched } from './look-at-call.ts';
import type { Figures } from './measure-all.ts';
import type { Growth } from './measure-growth.ts';

export interface Run {
  figures: Figures;
  demands: Demand[];
  setting: Setting;
  machine: { cores: number; postgres: string; node: string };
  seconds: number;
}

export interface Report {
  text: string;
  plot: string;
}

const plotFile = new URL('../../docs/performance/growth.svg', import.meta.url);

/** What a run found, in words and tables. */
export function reportOf({ figures, demands, setting, machine, seconds }: Run): Report {
  const { idle, oneNew, first, pushOne, pushTwenty, touched, growth } = figures;
  const { pace } = setting;
  const text = [
    `PostgreSQL ${machine.postgres} from npm with fsync on, ${machine.cores} cores shared with the client (Node ${machine.node.slice(1)}), ` +
      `${pace.clients} clients, prepared statements, ${pace.rounds} rounds in turns; ${count(setting.accounts)} accounts, ` +
      `${count(setting.writers)} of them with ${setting.conversations} conversations of ${setting.messages} messages over ` +
      `${setting.months} months; ${Math.round(seconds / 60)} minutes. Ratios are medians of the ratios of the rounds.`,
    '',
    demandTable(demands),
    '',
    '### Throughput',
    '',
    table(
      ['', 'design', 'per second', 'p50 ms', 'p95 ms', 'ours is'],
      [
        ...rows('nothing has changed', idle, { atlas: ours, delta, unpartedDelta, full, unpartedFull }),
        ...rows('one new message', oneNew, { atlas: ours, unparted: 'ours without partitions', delta, unpartedDelta }),
        ...rows('push of 1', pushOne, { atlas: ours, behind, counted: 'naive, 1 request', bare: bareNaive }),
        ...rows('push of 20', pushTwenty, { atlas: ours, behind, counted: 'naive, 20 requests', bare: bareNaive }),
        ...rows('first sync', first, { atlas: ours, full, unpartedFull }),
      ],
    ),
    '',
    '### What a request touches',
    '',
    'In a warm session: pages by `explain (analyze, buffers)` of the call, everything nested included; relations (indexes too) by `pg_locks` in its transaction.',
    '',
    table(
      ['request', 'pages', 'relations locked'],
      [...touchedRows('ours', touched.atlas), ...touchedRows('naive', touched.naive)],
    ),
    '',
    '### Growth',
    '',
    '![What a sync costs with more partitions and longer histories](performance/growth.svg)',
    '',
    table(
      ['', 'size', 'cost', 'p50 ms', 'pages', 'relations locked'],
      [
        ...growthRows('partitions, nothing has changed', growth.partitions.idle),
        ...growthRows('partitions, one new message', growth.partitions['one new']),
        ...growthRows('messages of the user, nothing has changed', growth.histories.idle),
        ...growthRows('messages of the user, one new message', growth.histories['one new']),
      ],
    ),
  ].join('\n');
  return { text, plot: drawGrowth(growth.partitions, growth.histories) };
}

/** Puts the report into its place in docs/performance.md, with its plot beside it. */
export async function writeReport({ text, plot }: Report): Promise<void> {
  await mkdir(new URL('.', plotFile), { recursive: true });
  await writeFile(plotFile, plot);
  await writeSection('npm run bench:db -- --write', text);
}

const ours = 'ours';
const delta = 'naive delta, 3 requests';
const unpartedDelta = 'naive delta, messages in one table';
const behind = 'ours, from two seqs behind';
const bareNaive = 'the same without statistics and limits, one request more';
const full = 'full sync, 51 requests';
const unpartedFull = 'full sync, messages in one table';

function rows<Name extends string>(
  what: string,
  measured: Record<NoInfer<Name>, Measured> & { atlas: Measured },
  names: Record<Name, string>,
): string[][] {
  return (Object.keys(names) as Name[]).map((name, nth) => {
    const { perSecond, p50, p95 } = measured[name];
    const times = measured[name] === measured.atlas ? '' : `${figure(ratio(measured.atlas, measured[name]))}×`;
    return [nth === 0 ? what : '', names[name], figure(perSecond), figure(p50), figure(p95), times];
  });
}

function touchedRows(whose: string, touched: Record<string, Touched>): string[][] {
  return Object.entries(touched).map(([what, { buffers, locks }]) => [
    `${whose}: ${what}`,
    count(buffers),
    count(locks),
  ]);
}

function growthRows(what: string, { points }: Growth): string[][] {
  return points.map(({ size, cost, p50, buffers, locks }, nth) => [
    nth === 0 ? what : '',
    count(size),
    `${cost.toFixed(2)}×`,
    figure(p50),
    count(buffers),
    count(locks),
  ]);
}
