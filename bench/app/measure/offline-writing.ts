import { newId } from '../../../contract/ids.ts';
import { carriesWork } from '../../../e2e/fixtures/sync-requests.ts';
import { writeMany } from '../../../e2e/fixtures/write-many.ts';
import type { BenchDevice } from '../bench-device.ts';
import { rawPush } from '../in-browser/raw-push.ts';
import { type Written, writeInPage } from '../in-browser/write-in-page.ts';
import type { Bench } from '../open-bench.ts';
import { sampleText } from '../sample-text.ts';
import type { Pair } from './turns.ts';

/** Ours from the first request with something in it to the last answer, raw one request with all of it. */
export interface Drain extends Pair {
  requests: number;
}

export interface OfflineWriting {
  written: Written[];
  drains: Drain[];
  /** Messages that the server has not, or has twice, of all that were written. */
  lost: number;
  twice: number;
}

/** Messages written without a network, by hand in the first round, and what coming back costs. */
export async function measureOfflineWriting(bench: Bench, one: BenchDevice): Promise<OfflineWriting> {
  const found: OfflineWriting = { written: [], drains: [], lost: 0, twice: 0 };
  const { device } = one;
  for (let round = 0; round < bench.setting.rounds; round++) {
    const texts = Array.from({ length: bench.setting.offline }, (_, nth) => `${round}-${nth}. ${sampleText(nth, 450)}`);
    const rawBefore = round % 2 === 0 ? await pushRaw(bench, one, texts) : null;
    await device.goesOffline();
    if (round === 0) {
      await device.startsConversation();
      found.written = await device.page.evaluate(writeInPage, texts);
    } else await device.page.evaluate(writeMany, inOneConversation(texts));
    bench.say(`${texts.length} messages are written offline`);
    const ours = await drain(one);
    const raw = rawBefore ?? (await pushRaw(bench, one, texts));
    found.drains.push({ ...ours, raw });
    const { lost, twice } = await compare(bench, texts);
    found.lost += lost;
    found.twice += twice;
    bench.say(`they are sent in ${ours.requests} requests and ${Math.round(ours.ours)} ms, raw ${Math.round(raw)} ms`);
  }
  return found;
}

function inOneConversation(texts: string[]) {
  const conversation = newId(Date.now(), crypto);
  return texts.map((text) => ({ id: newId(Date.now(), crypto), conversation, text }));
}

async function drain({ device, whenCyclesEnded }: BenchDevice): Promise<Omit<Drain, 'raw'>> {
  const before = (await whenCyclesEnded(0)).cycles.length;
  const seen = device.network.requests(carriesWork).length;
  await device.comesOnline();
  await device.seesStatus(/^Synced/);
  const { cycles, requests } = await whenCyclesEnded(before + 1);
  const began = cycles[before]?.began ?? Number.NaN;
  const own = requests.filter((request) => request.began >= began && request.path.endsWith('/sync'));
  const carrying = device.network.requests(carriesWork).length - seen;
  const last = own[carrying - 1]?.read ?? Number.NaN;
  return {
    ours: last - (own[0]?.began ?? Number.NaN),
    requests: carrying,
  };
}

async function pushRaw({ server, headers }: Bench, { worker }: BenchDevice, texts: string[]): Promise<number> {
  const conversation = newId(Date.now(), crypto);
  const clock = '001763646539123.0001.benchraw0000';
  const messages = texts.map((text) => ({ id: newId(Date.now(), crypto), conversation, parent: null, text, clock }));
  const ms = await worker.evaluate(rawPush, {
    path: '/rest/v1/rpc/raw_write',
    headers,
    body: JSON.stringify({ messages }),
  });
  const [row] = await server.sql<{ count: number }[]>`
    with gone as (delete from raw.messages where conversation = ${conversation} returning 1) select count(*)::integer as count from gone`;
  if (row?.count !== texts.length) throw new Error(`raw wrote ${row?.count} of ${texts.length} messages`);
  return ms;
}

async function compare({ server, person }: Bench, texts: string[]): Promise<{ lost: number; twice: number }> {
  const counts = new Map<string, number>();
  for (const { text } of await server.messagesOf(person)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const times = texts.map((text) => counts.get(text) ?? 0);
  return { lost: times.filter((count) => count === 0).length, twice: times.filter((count) => count > 1).length };
}
