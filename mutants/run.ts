import { parseArgs } from 'node:util';
import { doNotCompile } from './check-types.ts';
import { judge, judgeAll, type Verdict } from './judge.ts';
import { mutants } from './list.ts';
import type { Mutant } from './mutant.ts';
import { type WorkingCopy, workingCopy } from './working-copy.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
/** As many at a time as there are copies. */
const copiesAtOnce = 2;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run mutants -- [--only part of a name]`: every deliberate bug must be caught, by what holds without it. */
async function main(): Promise<number> {
  const wanted = mutants.filter(({ name }) => name.includes(values.only));
  const began = Date.now();
  const copies = Array.from({ length: copiesAtOnce }, workingCopy);
  try {
    const broken = await findBroken(copies, wanted);
    if (broken.length > 0) {
      for (const sentence of broken) say(sentence);
      return end(wanted.length, [], broken, began);
    }
    const ends = await eachIn(copies, wanted, async (copy, mutant, done) => {
      const since = Date.now();
      const verdict = await verdictOn(copy, mutant);
      say(`${done} of ${wanted.length}, ${seconds(since)} s, ${verdict.is}: ${mutant.name} (${verdict.why})`);
      return { name: mutant.name, ...verdict };
    });
    const wrong = ends.filter(({ is }) => is === 'broken').map(({ name, why }) => `${name}: ${why}`);
    return end(wanted.length, ends, wrong, began);
  } finally {
    for (const copy of copies) copy.remove();
  }
}

async function verdictOn(copy: WorkingCopy, mutant: Mutant): Promise<Verdict> {
  const verdict = await copy.spoiled(mutant, () => judge(copy.folder, mutant.killer));
  return verdict ?? { is: 'broken', why: `${mutant.file} does not have that piece exactly once any more` };
}

/** What fails without any bug, and bugs that do not compile: nothing could be concluded from those. */
async function findBroken([copy]: WorkingCopy[], wanted: Mutant[]): Promise<string[]> {
  if (copy === undefined) return [];
  say('what must hold without a bug');
  const killers = wanted.map(({ killer }) => killer);
  const verdicts = await judgeAll(copy.folder, killers);
  const failing = verdicts.flatMap(({ is, why }) => (is === 'survived' ? [] : [`fails without a bug: ${why}`]));
  return [...failing, ...[...(await doNotCompile(copy, wanted))].map((name) => `does not compile: ${name}`)];
}

/** Does this with each item, one at a time in each copy. */
async function eachIn<T, R>(
  copies: WorkingCopy[],
  items: T[],
  work: (copy: WorkingCopy, item: T, done: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  let begun = 0;
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [place, item] = next;
        results[place] = await work(copy, item, ++begun);
      }
    }),
  );
  return results;
}

function end(all: number, ends: ({ name: string } & Verdict)[], broken: string[], began: number): number {
  const survived = ends.filter(({ is }) => is === 'survived').map(({ name }) => name);
  const killed = ends.filter(({ is }) => is === 'killed').length;
  say(JSON.stringify({ mutants: all, killed, survived, broken, seconds: seconds(began) }));
  return all > 0 && killed === all ? 0 : 1;
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1_000);
}

process.exit(await main());
