import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { makeClock } from '../../../contract/clock.ts';
import config from '../../../playwright.config.ts';
import { bundle } from '../bundle.ts';
import { sampleText } from '../sample-text.ts';
import type { Applied } from './apply-in-turns.ts';

const conversations = 50;
const messages = 5_000;
const rounds = 7;
/** `most`: times what the plain puts take, in the same run. */
const ways = [
  { what: 'in one answer', sizes: [conversations + messages], most: 0.4 },
  { what: 'in three answers', sizes: [200, 2_400, messages], most: 0.5 },
];
const origin = 'http://bench.localhost/';

/** `npm run bench:store`: what it costs the worker to store the first sync's rows, beside one plain put for each. */
async function main(): Promise<number> {
  const say = (what: string) => process.stdout.write(`${what}\n`);
  const inBrowser = fileURLToPath(new URL('apply-in-turns.ts', import.meta.url));
  const script = await bundle(`export * from ${JSON.stringify(inBrowser)};`, 'bench');
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  try {
    const page = await browser.newPage();
    await page.route(`${origin}**`, (route) => route.fulfill({ body: '', contentType: 'text/html' }));
    await page.goto(origin);
    await page.evaluate(`${script}; window.bench = bench;`);
    const rows = JSON.stringify(rowsOf());
    const figures = [];
    for (const { what, sizes, most } of ways) {
      const found: Applied[] = [];
      for (let round = 0; round <= rounds; round++) {
        const applied = (await page.evaluate(
          `bench.applyBoth(${JSON.stringify(rows)}, ${JSON.stringify(sizes)}, ${round % 2 === 0})`,
        )) as Applied;
        // The first one warms up.
        if (round > 0) found.push(applied);
        say(`${what}: ours ${Math.round(applied.ours)} ms, raw ${Math.round(applied.raw)} ms`);
      }
      const [ours, checked, raw] = [median(found, 'ours'), median(found, 'checked'), median(found, 'raw')];
      figures.push({ what, ours, checked, raw, ratio: Math.round((ours / raw) * 100) / 100, most });
    }
    const missed = figures.filter(({ ratio, most }) => ratio > most).map(({ what }) => what);
    say(JSON.stringify({ messages, conversations, figures, missed }));
    return missed.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
}

/** Conversations and messages, the newest change first, as a first sync's answer has them. */
function rowsOf(): object[] {
  const clock = makeClock(1_800_000_000_000, 0, 'abcdefabcdef');
  const id = (kind: number, number: number) =>
    `0190${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  const homes = Array.from({ length: conversations }, (_, i) => ({
    ...{ kind: 'conversation', id: id(1, i), seq: messages + 1 + i, clocks: { title: clock, trashed: clock } },
    ...{ title: sampleText(i, 30).slice(0, 60), trashed: false, trashedAt: null, count: messages / conversations },
    ...{ activity: messages - conversations + 1 + i, at: 1_800_000_000_000, preview: 'preview' },
  }));
  const said = Array.from({ length: messages }, (_, i) => ({
    ...{ kind: 'message', id: id(2, i), seq: i + 1, clocks: { text: clock } },
    ...{ conversation: id(1, i % conversations), role: i % 2 === 0 ? 'user' : 'assistant', parent: null, attempt: 0 },
    ...{ text: sampleText(i, 500), pos: i + 1, at: 1_800_000_000_000 },
  }));
  return [...homes, ...said.reverse()];
}

function median(found: Applied[], what: keyof Applied): number {
  const sorted = found.map((applied) => applied[what]).toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

process.exit(await main());
