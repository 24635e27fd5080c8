import { openBenchDevice } from './bench-device.ts';
import { measureColdStarts } from './measure/cold-start.ts';
import { measureEngineSize } from './measure/engine-size.ts';
import { measureFirstSync } from './measure/first-sync.ts';
import { measureOfflineWriting } from './measure/offline-writing.ts';
import { measurePulls, type Pulls } from './measure/pulls.ts';
import { measureReadings } from './measure/readings.ts';
import { measureTriggers } from './measure/triggers.ts';
import type { Bench } from './open-bench.ts';

export type Figures = Awaited<ReturnType<typeof measureAll>>;

/** Measures everything; says how far it is. */
export async function measureAll(bench: Bench) {
  const { setting, say } = bench;
  const engineBytes = await measureEngineSize();
  const first = await measureFirstSync(bench, 0);
  const slow = await measureFirstSync(bench, setting.delayMs);
  const coldStarts = await measureColdStarts(bench);
  say(`the worker starts in ${coldStarts.map(Math.round).join(', ')} ms`);

  const one = await openBenchDevice(bench);
  try {
    await one.device.signsIn(bench.person);
    await one.whenCyclesEnded(1);
    await one.raw({ database: 'raw', path: '/rest/v1/rpc/raw_read', body: '{}' });
    const readings = await measureReadings(bench, one);
    say('readings are measured');
    const pulls: Pulls[] = [];
    for (const size of [0, ...setting.pulls.sizes]) pulls.push(await measurePulls(bench, one, size));
    const triggers = await measureTriggers(bench, one);
    say(`${setting.triggers} triggers led to ${triggers} requests`);
    const offline = await measureOfflineWriting(bench, one);
    return { engineBytes, first, slow, coldStarts, readings, pulls, triggers, offline };
  } finally {
    await one.close();
  }
}
