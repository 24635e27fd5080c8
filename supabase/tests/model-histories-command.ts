import fc from 'fast-check';
import { openDatabase } from './database.ts';
import { liveThrough } from './model-history.ts';
import { histories } from './model-steps.ts';
import { openPglite } from './pglite-engine.ts';

const portion = 20;
const minutes = (count: number) => count * 60_000;

/**
 * `npm run test:histories -- [how many] [first seed]`: lives through many random histories; a seed that fails is printed
 * with its shortest history, which then belongs into model-known-histories.ts.
 */
async function main([howMany = '300', firstSeed = String(Date.now() % 1_000_000)]: string[]): Promise<number> {
  const database = await openDatabase(await openPglite());
  const lived = fc.asyncProperty(histories(100), (history) => liveThrough(database, history));
  const seeds = Array.from({ length: Math.ceil(Number(howMany) / portion) }, (_, i) => Number(firstSeed) + i);
  const failed: number[] = [];
  const start = Date.now();
  for (const [done, seed] of seeds.entries()) {
    const run = await fc.check(lived, { seed, numRuns: portion, interruptAfterTimeLimit: minutes(3) });
    if (run.failed) {
      failed.push(seed);
      const why = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance);
      process.stdout.write(`seed ${seed} failed: ${why.slice(0, 4_000)}\n${JSON.stringify(run.counterexample?.[0])}\n`);
    }
    process.stdout.write(`${(done + 1) * portion} histories, ${failed.length} seeds failed\n`);
  }
  await database.close();
  const seconds = Math.round((Date.now() - start) / 1_000);
  process.stdout.write(
    `${JSON.stringify({ histories: seeds.length * portion, firstSeed: seeds[0], failed, seconds })}\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

// Set outright, so that no hook of a library says otherwise.
process.exit(await main(process.argv.slice(2)));
