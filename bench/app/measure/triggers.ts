import type { BenchDevice } from '../bench-device.ts';
import { askOften } from '../in-browser/ask-often.ts';
import type { Bench } from '../open-bench.ts';

/** How many requests a burst of wishes to sync leads to, within one second and until all are served. */
export async function measureTriggers({ setting }: Bench, { device }: BenchDevice): Promise<number> {
  const before = device.network.requests('/rest/').length;
  const answered = await device.page.evaluate(askOften, { times: setting.triggers, overMs: 900 });
  if (answered !== setting.triggers) throw new Error(`${answered} of ${setting.triggers} wishes were answered`);
  return device.network.requests('/rest/').length - before;
}
