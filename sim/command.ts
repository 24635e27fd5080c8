import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { everyPlace } from './every-place.ts';
import { fixedHistories } from './fixed-histories.ts';
import { onAllCores } from './on-all-cores.ts';
import type { Asked, Said } from './share.ts';
import { type Failure, live, type Story, shortest, storyOf, type Task } from './task.ts';

const portion = 20;
/** Failing histories that are shrunk; the others are only named. */
const shrunkMost = 4;
const progressMs = 5_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    story: { type: 'string' },
    histories: { type: 'boolean', default: false },
    'every-await': { type: 'boolean', default: false },
    bail: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1000' },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `npm run sim`: see docs/simulator.md. */
async function main(): Promise<number> {
  if (values.seed !== undefined) return one({ seed: Number(values.seed) });
  if (values.story !== undefined) return one({ story: JSON.parse(readFileSync(values.story, 'utf8')) as Story });
  const from = Number(values.from);
  const seeds = Number(values.seeds);
  const tasks: Task[] = [];
  if (values.histories) tasks.push(...Object.keys(fixedHistories).map((fixed) => ({ fixed })));
  for (let seed = from; seed < from + seeds; seed++) tasks.push({ seed });
  const places = values['every-await'] ? await everyPlace() : [];
  return many([...tasks, ...places], { seeds, from, places: places.length });
}

async function many(tasks: Task[], asked: { seeds: number; from: number; places: number }): Promise<number> {
  const start = Date.now();
  const total = { lived: 0, turns: 0, requests: 0 };
  const failures: Failure[] = [];
  let lastSaid = start;
  const told = (said: Said) => {
    total.lived += said.lived;
    total.turns += said.turns;
    total.requests += said.requests;
    for (const failure of said.failures) {
      failures.push(failure);
      sayFailure(failure);
    }
    if (Date.now() - lastSaid < progressMs) return;
    lastSaid = Date.now();
    say(`${total.lived} of ${tasks.length} lived, failures: ${failures.length}`);
  };
  function* portions(): Generator<Asked> {
    for (let at = 0; at < tasks.length; at += portion) {
      if (values.bail && failures.length > 0) return;
      if (Date.now() - start > Number(values.minutes) * 60_000) return;
      yield { tasks: tasks.slice(at, at + portion), shrink: failures.length < (values.bail ? 1 : shrunkMost) };
    }
  }
  await onAllCores(portions(), told);
  const seconds = (Date.now() - start) / 1_000;
  const seedsPerMinute = Math.round((total.lived / seconds) * 60);
  const which = failures.slice(0, 20).map(({ task }) => task);
  const ended = total.lived === tasks.length;
  if (!ended && !values.bail) say(`time is up; it goes on with --from ${asked.from + total.lived}`);
  const story = values.bail ? failures.find(({ shrunk }) => shrunk !== undefined)?.shrunk : undefined;
  say(JSON.stringify({ ...asked, failed: failures.length, which, seedsPerMinute, ...total, seconds, story }));
  return failures.length === 0 ? 0 : 1;
}

function sayFailure({ task, broken, shrunk }: Failure): void {
  say(`FAILED ${JSON.stringify(task)}: ${broken.invariant}\n  ${broken.why}`);
  if (shrunk !== undefined) say(`  ${JSON.stringify(shrunk)}`);
}

async function one(task: Task): Promise<number> {
  const { broken, ...lived } = await live(task);
  saySteps(storyOf(task));
  if (broken !== null) {
    const shrunk = await shortest(task, broken);
    saySteps(shrunk);
    sayFailure({ task, broken, shrunk });
  }
  say(JSON.stringify({ seeds: 1, failed: broken === null ? 0 : 1, ...lived }));
  return broken === null ? 0 : 1;
}

function saySteps({ history: { setting, steps } }: Story): void {
  say([setting, ...steps].map((line) => JSON.stringify(line)).join('\n'));
}

process.exit(await main());
