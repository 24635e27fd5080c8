import { type BenchDevice, openBenchDevice } from '../bench-device.ts';
import { whenListed } from '../in-browser/watch-list.ts';
import type { Bench } from '../open-bench.ts';
import type { Pair } from './turns.ts';

/** Ours from the beginning of the sign-in's cycle to its end. */
export interface FirstSync extends Pair {
  /** From the cycle's beginning to the first conversations on screen. */
  listedMs: number;
  requests: number;
}

/** What fits on the first screen of the list. */
const listed = 20;

/** First syncs of the account on new devices, in turns with raw's on the same device. */
export async function measureFirstSync(bench: Bench, delayMs: number): Promise<FirstSync[]> {
  const rounds: FirstSync[] = [];
  for (let round = 0; round < bench.setting.rounds; round++) {
    const one = await openBenchDevice(bench, delayMs);
    try {
      const before = round % 2 === 0 ? await rawFirst(one) : null;
      const ours = await firstSync(one, bench);
      const found = { ...ours, raw: before ?? (await rawFirst(one)) };
      rounds.push(found);
      const how = delayMs > 0 ? ` with ${delayMs} ms more` : '';
      bench.say(
        `first sync${how}: ${Math.round(found.ours)} ms in ${found.requests} requests, ` +
          `list after ${Math.round(found.listedMs)} ms, raw ${Math.round(found.raw)} ms`,
      );
    } finally {
      await one.close();
    }
  }
  return rounds;
}

async function firstSync(
  { device, whenCyclesEnded }: BenchDevice,
  { person, setting }: Bench,
): Promise<Omit<FirstSync, 'raw'>> {
  const onScreen = device.page.evaluate(whenListed, Math.min(listed, setting.conversations));
  await device.signsIn(person);
  const { cycles, requests } = await whenCyclesEnded(1);
  const [{ began, ended } = { began: 0, ended: null }] = cycles;
  const own = requests.filter((request) => request.began >= began && request.path === '/rest/v1/rpc/sync');
  return { ours: (ended ?? Number.NaN) - began, listedMs: (await onScreen) - began, requests: own.length };
}

async function rawFirst({ raw }: BenchDevice): Promise<number> {
  const { ms } = await raw({ database: 'raw', path: '/rest/v1/rpc/raw_read', body: '{}' });
  return ms;
}
