import type { Fault } from './fault.ts';
import { fixedHistories } from './fixed-histories.ts';
import { live, type Task } from './task.ts';

/** What becomes of each request in turn. */
const requestFaults = ['request lost', 'answer lost', 'truncated', 'lost in the server', 401, 413, 429] as const;

/** Every fixed history as it is, and with something going wrong at every place in turn. */
export async function everyPlace(): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const fixed of Object.keys(fixedHistories)) {
    tasks.push({ fixed });
    const { places } = await live({ fixed });
    for (const [on, { points, writes, requests }] of places.entries()) {
      const each = (count: number, what: Fault['what']) => {
        for (let at = 1; at <= count; at++) tasks.push({ fixed, fault: { on, what, at } });
      };
      each(points, 'killed');
      each(writes, 'disk full');
      for (const what of requestFaults) each(requests, what);
    }
  }
  return tasks;
}
