import { join } from 'node:path';
import * as v from 'valibot';
import { TierSchema } from '../contract/wire.ts';
import { lockHolder } from './data/folder-lock.ts';
import { readKeys } from './data/keys.ts';
import { logError, logInfo, quietLibraries } from './log.ts';
import { Refusal } from './refusal.ts';
import { readSettings, type Settings } from './settings.ts';
import { startAtlas } from './start.ts';

const home = join(import.meta.dirname, '..', '..');

process.env.DO_NOT_TRACK = '1';
quietLibraries();

const [email, tier] = process.argv.slice(2);
const outcome = await changeTier(email, tier);
if (outcome instanceof Refusal) logError(outcome.sentence);
else logInfo(outcome);
process.exit(outcome instanceof Refusal ? 1 : 0);

/** `npm run tier -- EMAIL TIER`: through the Atlas that runs on this data folder, else through one started for the moment. */
async function changeTier(email: string | undefined, tier: string | undefined): Promise<string | Refusal> {
  if (email === undefined || tier === undefined) {
    return new Refusal('usage', 'Say whose account and which tier: npm run tier -- EMAIL TIER (free, core or studio).');
  }
  if (!v.is(TierSchema, tier)) return new Refusal('tier', `There is no tier "${tier}": it is free, core or studio.`);
  const settings = readSettings(process.env);
  if (settings instanceof Refusal) return settings;
  const keys = await readKeys(settings.dataDir);
  if (keys === null) {
    const sentence = `There is no Atlas in ${settings.dataDir} yet: start it once, or set ATLAS_DATA_DIR to its folder.`;
    return new Refusal('empty', sentence);
  }
  if (keys instanceof Refusal) return keys;
  const running = await lockHolder(settings.dataDir);
  if (running === null) return throughNew(settings, (address) => ask(address, keys.secretKey, email, tier));
  if (running.address === null) return new Refusal('starting', 'Atlas is starting: try again in a moment.');
  return ask(running.address, keys.secretKey, email, tier);
}

async function throughNew(
  settings: Settings,
  work: (address: string) => Promise<string | Refusal>,
): Promise<string | Refusal> {
  let gone: Refusal | null = null;
  const lost = (refusal: Refusal) => {
    gone = refusal;
  };
  const atlas = await startAtlas({ ...settings, port: 0, host: null }, { home, say: () => undefined, lost });
  if (atlas instanceof Refusal) return atlas;
  const outcome = await work(atlas.address);
  await atlas.stop();
  return gone ?? outcome;
}

async function ask(address: string, secretKey: string, email: string, tier: string): Promise<string | Refusal> {
  const answer = await fetch(`${address}/rest/v1/rpc/set_tier`, {
    method: 'POST',
    headers: { apikey: secretKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, tier }),
  });
  if (!answer.ok) return new Refusal('refused', `The Atlas at ${address} refused (${answer.status}).`);
  if ((await answer.json()) === true) return `${email} is on the tier ${tier} now.`;
  return new Refusal('email', `There is no account with the e-mail address ${email}.`);
}
