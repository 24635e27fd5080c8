import { liveThrough } from '../sim/live-through.ts';
import { histories } from './histories.ts';

/** Each history is lived through with so many seeds: what follows what within it is drawn anew. */
const seeds = 12;

/** Lives through histories of ours, all or the named ones; the last line says what came of them. */
async function main(wanted: string[]): Promise<number> {
  let lives = 0;
  for (const name of wanted.length === 0 ? Object.keys(histories) : wanted) {
    const known = histories[name];
    if (known === undefined) throw new Error(`there is no history ${name}`);
    for (let seed = 1; seed <= seeds; seed++) {
      lives += 1;
      const { broken } = await liveThrough(seed, known);
      if (broken === null) continue;
      const why = `${name}: ${broken.invariant}: ${broken.why.split('\n')[0]?.slice(0, 80)}`;
      process.stdout.write(`${JSON.stringify({ lives, failed: 1, why })}\n`);
      return 1;
    }
  }
  process.stdout.write(`${JSON.stringify({ lives, failed: 0, why: '' })}\n`);
  return 0;
}

process.exit(await main(process.argv.slice(2)));
