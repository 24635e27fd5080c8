import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Asked, Said } from './share.ts';

const runner = fileURLToPath(new URL('../scripts/run-typescript.mjs', import.meta.url));

/** Has processes on all cores live through these portions; `told` hears of each that is done. */
export async function onAllCores(portions: Iterable<Asked>, told: (said: Said) => void): Promise<void> {
  const waiting = portions[Symbol.iterator]();
  const cores = Array.from({ length: availableParallelism() }, () => fork(runner, ['sim/share.ts']));
  try {
    await Promise.all(cores.map((core) => work(core, waiting, told)));
  } finally {
    for (const core of cores) core.disconnect();
  }
}

async function work(core: ChildProcess, waiting: Iterator<Asked>, told: (said: Said) => void): Promise<void> {
  for (let next = waiting.next(); !next.done; next = waiting.next()) {
    const answered = new Promise<Said>((resolve, reject) => {
      core.once('message', (said: Said) => resolve(said));
      core.once('exit', (code) => reject(new Error(`a process ended with ${code}`)));
    });
    core.send(next.value);
    told(await answered);
    core.removeAllListeners('exit');
  }
}
