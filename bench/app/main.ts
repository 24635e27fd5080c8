import { cpus } from 'node:os';
import { writeSection } from '../performance-page.ts';
import { quick, whole } from './app-setting.ts';
import { judge } from './demands.ts';
import { measureAll } from './measure-all.ts';
import { openBench } from './open-bench.ts';
import { reportOf } from './report.ts';

/**
 * `npm run bench [-- --quick] [-- --write]`: what the built app does in Chromium against its server, beside raw. `--quick` tries
 * out whether everything runs and judges no times, `--write` puts the figures into docs/performance.md.
 */
async function main(words: string[]): Promise<number> {
  const unknown = words.find((word) => word !== '--quick' && word !== '--write');
  if (unknown !== undefined) throw new Error(`what is ${unknown}?`);
  const isQuick = words.includes('--quick');
  const start = Date.now();
  const say = (what: string) => {
    process.stdout.write(`${String(Math.round((Date.now() - start) / 1_000)).padStart(4)} s  ${what}\n`);
  };
  const setting = isQuick ? quick : whole;
  const bench = await openBench(setting, say);
  try {
    const figures = await measureAll(bench);
    const demands = judge(figures, setting);
    const missed = demands.filter(({ met, timed }) => !met && !(timed && isQuick));
    const machine = { cores: cpus().length, browser: bench.browser.version(), node: process.version };
    const seconds = Math.round((Date.now() - start) / 1_000);
    for (const { what, found, demanded, met } of demands)
      say(`${met ? 'met   ' : 'MISSED'}  ${what}: ${found} (${demanded})`);
    const report = reportOf({ figures, demands, setting, machine, seconds });
    if (words.includes('--write')) await writeSection('npm run bench -- --write', report);
    const { written: _, ...offline } = figures.offline;
    const line = {
      quick: isQuick,
      machine,
      seconds,
      missed: missed.map(({ what }) => what),
      demands,
      ...figures,
      offline,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return missed.length === 0 ? 0 : 1;
  } finally {
    await bench.close();
  }
}

// Set outright: what starts PostgreSQL ends the process by a hook of its own, with 0.
process.exit(await main(process.argv.slice(2)));
