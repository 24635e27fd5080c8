import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Setting } from './bench-setting.ts';
import type { Demand } from './demands.ts';
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

const page = new URL('../../docs/performance.md', import.meta.url);
const plotFile = new URL('../../docs/performance/growth.svg', import.meta.url);
const begin = '<!-- npm run bench:db -- --write -->';
const end = '<!-- the end of it -->';

/** What a run found, in words and tables. */
export function reportOf({ figures, demands, setting, machine, seconds }: Run): Report {
  const { idle, oneNew, first, pushOne, pushTwenty, touched, growth } = figures;
  const { pace } = setting;
  const missed = demands.filter(({ met }) => !met).length;
  const text = [
    `PostgreSQL ${machine.postgres} from npm with fsync on, ${machine.cores} cores shared with the client (Node ${machine.node.slice(1)}), ` +
      `${pace.clients} clients, prepared statements, ${pace.rounds} rounds in turns; ${count(setting.accounts)} accounts, ` +
      `${count(setting.writers)} of them with ${setting.conversations} conversations of ${setting.messages} messages over ` +
      `${setting.months} months; ${Math.round(seconds / 60)} minutes. Ratios are medians of the ratios of the rounds.`,
    '',
    table(
      ['demanded', 'found', 'at least or at most', ''],
      demands.map(({ what, found, demanded, met }) => [what, String(found), demanded, met ? 'met' : '**missed**']),
    ),
    '',
    missed === 0 ? 'Every demanded figure is met.' : `${missed} of ${demands.length} demanded figures are missed.`,
    '',
    '### Throughput',
    '',
    table(
      ['', 'design', 'per second', 'p50 ms', 'p95 ms', 'ours is'],
      [
        ...rows('nothing has changed', idle, { atlas: ours, delta, unpartedDelta, full, unpartedFull }),
        ...rows('one new message', oneNew, { atlas: ours, unparted: 'ours without partitions', delta, unpartedDelta }),
        ...rows('push of 1', pushOne, { atlas: ours, unbatched: 'naive, 2 requests' }),
        ...rows('push of 20', pushTwenty, { atlas: ours, unbatched: 'naive, 21 requests' }),
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
  const old = await readFile(page, 'utf8');
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place between ${begin} and ${end}`);
  await mkdir(new URL('.', plotFile), { recursive: true });
  await writeFile(plotFile, plot);
  await writeFile(page, `${old.slice(0, from)}${begin}\n\n${text}\n\n${old.slice(to)}`);
}

const ours = 'ours';
const delta = 'naive delta, 3 requests';
const unpartedDelta = 'naive delta, messages in one table';
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

function table(head: string[], body: string[][]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function figure(value: number): string {
  return value >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}
