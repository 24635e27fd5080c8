import { atLeast, atMost, type Demand, inEveryRun } from '../demand.ts';
import { ratio } from './interleave.ts';
import type { Figures } from './measure-all.ts';

/** Every demanded figure beside what was found. */
export function judge({ idle, oneNew, first, pushOne, pushTwenty, touched, growth }: Figures): Demand[] {
  return [
    atLeast(5, 'idle, times the naive delta', ratio(idle.atlas, idle.delta)),
    atLeast(500, 'idle, times the full sync', ratio(idle.atlas, idle.full)),
    atLeast(4, 'one new message, times the naive delta', ratio(oneNew.atlas, oneNew.delta)),
    atMost(1.4, 'one new message, the same without partitions, times as fast', ratio(oneNew.unparted, oneNew.atlas)),
    atLeast(2, 'push of 1, times unbatched', ratio(pushOne.atlas, pushOne.counted)),
    atLeast(8, 'push of 20, times unbatched', ratio(pushTwenty.atlas, pushTwenty.counted)),
    atLeast(0.55, 'first sync, times the full sync', ratio(first.atlas, first.full)),
    atMost(1.3, 'idle, dearest number of partitions by the cheapest', growth.partitions.idle.spread),
    atMost(1.3, 'one new message, dearest number of partitions by the cheapest', growth.partitions['one new'].spread),
    atMost(1.3, 'idle, dearest length of history by the cheapest', growth.histories.idle.spread),
    atMost(1.3, 'one new message, dearest length of history by the cheapest', growth.histories['one new'].spread),
    inEveryRun(atMost(6, 'idle, buffers', touched.atlas.idle.buffers)),
    inEveryRun(atMost(60, 'one new message, buffers', touched.atlas['one new'].buffers)),
    inEveryRun(atMost(16, 'one new message, relations locked', touched.atlas['one new'].locks)),
  ];
}
