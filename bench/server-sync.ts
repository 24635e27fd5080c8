import { Agent, request } from 'node:http';
import { firstRequest, type Person, signUp } from '../server/testing/ask-atlas.ts';
import { startAtlas } from '../server/testing/start-atlas.ts';

/**
 * How many idle syncs a second the running server answers, 16 clients at once: the short way for sync against the
 * generic one through the embedded Supabase, in turns in one run. `--quick` for a look.
 */
const quick = process.argv.includes('--quick');
const clients = 16;
const rounds = quick ? 1 : 5;
const roundMs = quick ? 500 : 3_000;
/** How many times the generic way's throughput the short one must have. */
const demanded = { postgres: 5, pglite: 2 };

const ways = { short: '/rest/v1/rpc/sync', generic: '/rest/v1/rpc/sync?apikey=unused' };
type Way = keyof typeof ways;
type Engine = keyof typeof demanded;

const figures: Record<string, Record<string, number>> = {};
for (const engine of Object.keys(demanded) as Engine[]) figures[engine] = await measure(engine);
const missed = (Object.keys(demanded) as Engine[]).filter(
  (engine) => (figures[engine]?.ratio ?? 0) < demanded[engine] && !quick,
);
process.stdout.write(`${JSON.stringify({ bench: 'server-sync', clients, roundMs, rounds, figures, missed })}\n`);
process.exit(missed.length === 0 ? 0 : 1);

async function measure(engine: Engine): Promise<Record<string, number>> {
  const atlas = await startAtlas({ env: { ATLAS_DATABASE: engine } });
  try {
    const { publishableKey } = (await (await fetch(`${atlas.address}/config.json`)).json()) as Record<string, string>;
    const people: Person[] = [];
    for (let i = 0; i < clients; i++) people.push(await signUp(atlas.address, `person${i}@example.org`));
    const bodies = await Promise.all(people.map(idleBody));
    const asking = people.map((person, i) => ({
      body: bodies[i] ?? '',
      headers: {
        apikey: publishableKey ?? '',
        authorization: `Bearer ${person.token}`,
        'content-type': 'application/json',
      },
    }));
    const perSecond: Record<Way, number[]> = { short: [], generic: [] };
    const ms: Record<Way, number[]> = { short: [], generic: [] };
    for (let round = 0; round < rounds + 1; round++) {
      for (const way of Object.keys(ways) as Way[]) {
        const took = await hammer(new URL(ways[way], atlas.address), asking);
        const rate = took.length / (roundMs / 1_000);
        process.stdout.write(`${engine} ${way} ${round === 0 ? '(warm-up) ' : ''}${Math.round(rate)} a second\n`);
        if (round === 0) continue;
        perSecond[way].push(rate);
        ms[way].push(median(took));
      }
    }
    const short = median(perSecond.short);
    const generic = median(perSecond.generic);
    return {
      shortPerSecond: Math.round(short),
      genericPerSecond: Math.round(generic),
      ratio: rounded(short / generic),
      shortMs: rounded(median(ms.short)),
      genericMs: rounded(median(ms.generic)),
    };
  } finally {
    await atlas.stop();
  }
}

/** A request of a device that has everything and nothing to say. */
async function idleBody(person: Person): Promise<string> {
  const { body } = await person.sync(firstRequest);
  return JSON.stringify({ request: { ...firstRequest, epoch: body.epoch, cursor: body.cursor } });
}

interface Asking {
  body: string;
  headers: Record<string, string>;
}

/** Every client asks, waits for the answer and asks again until the round is over; the milliseconds of each. */
async function hammer(url: URL, asking: Asking[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: asking.length });
  const took: number[] = [];
  const end = performance.now() + roundMs;
  await Promise.all(
    asking.map(async (client) => {
      while (performance.now() < end) {
        const began = performance.now();
        await ask(agent, url, client);
        took.push(performance.now() - began);
      }
    }),
  );
  agent.destroy();
  return took;
}

function ask(agent: Agent, url: URL, { body, headers }: Asking): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { agent, method: 'POST', headers: { ...headers, ...length } }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      response.once('end', () => {
        if (response.statusCode === 200 && said.includes('"synced"')) resolve();
        else reject(new Error(`answered ${response.statusCode}: ${said.slice(0, 200)}`));
      });
    });
    sent.once('error', reject).end(body);
  });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
