import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from '@playwright/test';
import { ConsoleWatch } from '../../../e2e/fixtures/console-watch.ts';
import { Device } from '../../../e2e/fixtures/device.ts';
import {
  allThere,
  drainKilled,
  type Moment,
  moments,
  type Outcome,
  type Victim,
  victims,
} from '../../../e2e/fixtures/killed-drain.ts';
import { newPerson } from '../../../e2e/fixtures/people.ts';
import { openTestServer, type TestServer } from '../../../e2e/fixtures/test-server.ts';
import { openNetwork } from '../../../e2e/network/network.ts';
import config from '../../../playwright.config.ts';
import { askStanding } from '../in-browser/ask-standing.ts';
import { readTexts } from '../in-browser/read-texts.ts';
import { giveReaders } from '../readers.ts';

/**
 * `npm run bench:drain [-- --runs 20] [-- --seed 1] [-- --messages 1000]`: that many times for each victim and each moment, messages
 * are written offline, and worker or browser is killed while they are sent. Fails when one is lost, comes twice or in another order.
 */
interface Run {
  victim: Victim;
  moment: Moment;
  seed: number;
}

const start = Date.now();
const runs = numberAfter('--runs', 1);
const firstSeed = numberAfter('--seed', 1);
const messages = numberAfter('--messages', 1_000);

function numberAfter(word: string, otherwise: number): number {
  const at = process.argv.indexOf(word);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${word} wants a whole number`);
  return value;
}

function say(what: string): void {
  process.stdout.write(`${String(Math.round((Date.now() - start) / 1_000)).padStart(4)} s  ${what}\n`);
}

async function oneRun(server: TestServer, run: Run): Promise<Outcome> {
  const person = newPerson();
  await server.register(person);
  const profile = await mkdtemp(join(tmpdir(), 'atlas-profile-'));
  const network = await openNetwork(server.address);
  const browsing = { start: () => chromium.launchPersistentContext(profile, config.use?.launchOptions ?? {}) };
  const device = new Device(network, browsing, new ConsoleWatch());
  try {
    await device.opens();
    await device.signsIn(person);
    return await drainKilled({ ...run, device, server, person, messages, textsOn });
  } finally {
    await device.quits();
    await network.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function textsOn({ page }: Device, conversation: string): Promise<string[]> {
  await giveReaders(page);
  return page.evaluate(readTexts, { ...(await page.evaluate(askStanding)), conversation });
}

async function main(): Promise<number> {
  const planned: Run[] = Array.from({ length: runs }, (_, nth) => firstSeed + nth).flatMap((seed) =>
    victims.flatMap((victim) => moments.map((moment) => ({ victim, moment, seed }))),
  );
  const server = await openTestServer();
  const failed: (Run & { found: Outcome })[] = [];
  try {
    for (const [nth, run] of planned.entries()) {
      const found = await oneRun(server, run);
      const wrong = !isDeepStrictEqual(found, allThere);
      if (wrong) failed.push({ ...run, found });
      const { victim, moment, seed } = run;
      say(
        `${nth + 1} of ${planned.length}: ${victim} killed, ${moment}, seed ${seed}: ` +
          (wrong ? `WRONG ${JSON.stringify(found)}` : 'all there, once'),
      );
    }
  } finally {
    await server.stop();
  }
  const seconds = Math.round((Date.now() - start) / 1_000);
  const line = { runs, firstSeed, messages, victims, moments, drained: planned.length, failed, seconds };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return failed.length === 0 ? 0 : 1;
}

process.exit(await main());
