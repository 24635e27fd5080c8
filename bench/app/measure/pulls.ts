import type { Person } from '../../../server/testing/ask-atlas.ts';
import { everythingSince, type Place, whereNow } from '../asking-since.ts';
import type { BenchDevice } from '../bench-device.ts';
import { askWorker } from '../in-browser/ask-worker.ts';
import type { Bench } from '../open-bench.ts';
import { roundOf } from './rounds.ts';
import { inTurns, type Pair } from './turns.ts';

export interface Pulls {
  /** How many messages each brought. */
  size: number;
  rounds: Pair[];
  /** The most that one sync made, preflights and all. */
  requests: number;
  /** What an answer weighs before it is compressed, and what is in it. */
  bytes: { answer: number; rows: number };
}

/**
 * Syncs of a device that has everything but this many messages, which another device of the account has just written.
 * Raw pulls them with the same request from a place of its own.
 */
export async function measurePulls(bench: Bench, one: BenchDevice, size: number): Promise<Pulls> {
  const { setting, asking, other } = bench;
  const found: Pulls = { size, rounds: [], requests: 0, bytes: { answer: 0, rows: 0 } };
  let place = await whereNow(asking);

  async function prepare(): Promise<void> {
    place = await whereNow(asking);
    if (size === 0) return;
    await other.writeMessages(size);
    found.bytes = await weigh(asking, place, size);
  }

  async function ours(): Promise<number> {
    const { ms, requests } = await syncOnce(one);
    found.requests = Math.max(found.requests, requests);
    return ms;
  }

  async function raw(): Promise<number> {
    return (await one.raw({ database: 'raw', path: '/rest/v1/rpc/sync', body: everythingSince(place) })).ms;
  }

  const times = size === 0 ? setting.idles : setting.pulls.times;
  for (let round = 0; round < setting.rounds; round++)
    found.rounds.push(roundOf(await inTurns(times, ours, raw, prepare)));
  bench.say(
    `pulls of ${size} messages: ${found.rounds.map(({ ours, raw }) => `${ours.toFixed(1)}/${raw.toFixed(1)}`).join(' ')} ms`,
  );
  return found;
}

/** One sync that someone asked for. A poll by the clock that came between would have taken the rows: then it is an error. */
async function syncOnce({ device, whenCyclesEnded }: BenchDevice): Promise<{ ms: number; requests: number }> {
  const before = (await whenCyclesEnded(0)).cycles.length;
  const seen = device.network.requests(isSync).length;
  const { ok } = await device.page.evaluate(askWorker, { do: 'sync-now' });
  if (!ok) throw new Error('the worker would not sync');
  const { cycles } = await whenCyclesEnded(before + 1);
  const [cycle, another] = cycles.slice(before);
  if (cycle?.ended == null || another !== undefined)
    throw new Error(`${cycles.length - before} cycles ran in place of one`);
  return { ms: cycle.ended - cycle.began, requests: device.network.requests(isSync).length - seen };
}

/** Any method: a preflight would be one. */
const isSync = '/rest/';

/** The answer's bytes before compression, and those of its rows as a plain reading of them would give. */
async function weigh(asking: Person, place: Place, size: number): Promise<Pulls['bytes']> {
  const { body } = await asking.sync(JSON.parse(everythingSince(place)).request);
  const rows = body.changes.map(({ kind: _, seq: __, clocks: ___, ...plain }: Record<string, unknown>) => plain);
  const messages = body.changes.filter(({ kind }: { kind: string }) => kind === 'message').length;
  if (messages !== size) throw new Error(`${messages} messages came in place of ${size}`);
  return { answer: JSON.stringify(body).length, rows: JSON.stringify(rows).length };
}
