import { lockHolder } from '../data/folder-lock.ts';
import { readKeys } from '../data/keys.ts';
import { Refusal } from '../refusal.ts';
import { readSettings, type Settings } from '../settings.ts';
import { startAtlas } from '../start.ts';

export interface Answered {
  answer: unknown;
  /** Whether it was asked of an Atlas that was running already. */
  running: boolean;
}

/**
 * Calls a function that is only for the operator, with the secret key of the data folder: through the Atlas that runs on
 * it, else through one started for the moment, where nobody else asks. `home` is the folder of this installation.
 */
export async function callFunction(home: string, name: string, body: object): Promise<Answered | Refusal> {
  const settings = readSettings(process.env);
  if (settings instanceof Refusal) return settings;
  const keys = await readKeys(settings.dataDir);
  if (keys === null) {
    const sentence = `There is no Atlas in ${settings.dataDir} yet: start it once, or set ATLAS_DATA_DIR to its folder.`;
    return new Refusal('empty', sentence);
  }
  if (keys instanceof Refusal) return keys;
  const holder = await lockHolder(settings.dataDir);
  if (holder === null) return throughNew(settings, home, (address) => ask(address, keys.secretKey, name, body, false));
  if (holder.address === null) return new Refusal('starting', 'Atlas is starting: try again in a moment.');
  return ask(holder.address, keys.secretKey, name, body, true);
}

async function throughNew(
  settings: Settings,
  home: string,
  work: (address: string) => Promise<Answered | Refusal>,
): Promise<Answered | Refusal> {
  let gone: Refusal | null = null;
  const lost = (refusal: Refusal) => {
    gone = refusal;
  };
  const surroundings = { home, say: () => undefined, lost, timers: false };
  const atlas = await startAtlas({ ...settings, port: 0, host: null }, surroundings);
  if (atlas instanceof Refusal) return atlas;
  try {
    const outcome = await work(atlas.address);
    return gone ?? outcome;
  } finally {
    await atlas.stop();
  }
}

async function ask(
  address: string,
  secretKey: string,
  name: string,
  body: object,
  running: boolean,
): Promise<Answered | Refusal> {
  const answer = await fetch(`${address}/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: { apikey: secretKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) return new Refusal('refused', `The Atlas at ${address} refused (${answer.status}).`);
  return { answer: await answer.json(), running };
}
