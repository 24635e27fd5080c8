import { cpus } from 'node:os';
import { quick, whole } from './bench-setting.ts';
import { judge } from './demands.ts';
import { measureAll } from './measure-all.ts';
import { openServer } from './open-server.ts';
import { reportOf, writeReport } from './report.ts';

/**
 * `npm run bench:db [-- --quick] [-- --write]`: what sync costs on native PostgreSQL beside the naive designs. `--quick` tries out
 * whether everything runs and judges no times, `--write` puts the figures into docs/performance.md.
 */
async function main(words: string[]): Promise<number> {
  const unknown = words.find((word) => word !== '--quick' && word !== '--write');
  if (unknown !== undefined) throw new Error(`what is ${unknown}?`);
  const isQuick = words.includes('--quick');
  const start = Date.now();
  const say = (what: string) => {
    process.stdout.write(`${String(Math.round((Date.now() - start) / 1_000)).padStart(4)} s  ${what}\n`);
  };
  const server = await openServer();
  say(`PostgreSQL ${server.version} is running`);
  try {
    const setting = isQuick ? quick : whole;
    const figures = await measureAll(server, setting, say);
    const demands = judge(figures);
    const missed = demands.filter(({ met, timed }) => !met && !(timed && isQuick));
    const machine = { cores: cpus().length, postgres: server.version, node: process.version };
    const seconds = Math.round((Date.now() - start) / 1_000);
    for (const { what, found, demanded, met } of demands)
      say(`${met ? 'met   ' : 'MISSED'}  ${what}: ${found} (${demanded})`);
    const report = reportOf({ figures, demands, setting, machine, seconds });
    if (words.includes('--write')) await writeReport(report);
    const line = { quick: isQuick, machine, seconds, missed: missed.map(({ what }) => what), demands, ...figures };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return missed.length === 0 ? 0 : 1;
  } finally {
    await server.close();
  }
}

// Set outright: what starts PostgreSQL ends the process by a hook of its own, with 0.
process.exit(await main(process.argv.slice(2)));
