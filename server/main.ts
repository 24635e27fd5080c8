import { join } from 'node:path';
import { logError, logInfo, quietLibraries, reportSurprises } from './log.ts';
import { Refusal } from './refusal.ts';
import { readSettings, type Settings } from './settings.ts';
import { type Atlas, startAtlas } from './start.ts';

/** Where this file is once it is built: dist/server. */
const home = join(import.meta.dirname, '..', '..');

process.env.DO_NOT_TRACK = '1';
quietLibraries();
reportSurprises();

const settings = readSettings(process.env);
if (settings instanceof Refusal) leave(settings);
else await run(settings).catch(failed);

async function run(settings: Settings): Promise<void> {
  const ended = nextEndSignal();
  const started = await startAtlas(settings, { home, say: logInfo, lost: leave, timers: true });
  if (started instanceof Refusal) return leave(started);
  logInfo(welcome(started, settings));
  await ended;
  // Whatever hangs, a person who pressed Ctrl-C gets the terminal back; the database recovers by itself.
  setTimeout(() => process.exit(1), 15_000).unref();
  await started.stop();
  process.exit(0);
}

function failed(error: unknown): void {
  logError('Atlas cannot go on', error);
  process.exit(1);
}

function leave(refusal: Refusal): void {
  logError(refusal.sentence);
  process.exit(1);
}

function nextEndSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

function welcome({ address, database }: Atlas, settings: Settings): string {
  const everywhere = settings.host === '0.0.0.0' || settings.host === '::' ? ' and every address of this machine' : '';
  return `Atlas is running at ${address}${everywhere} (Ctrl-C ends it)

  database      ${database}
                DATABASE_URL for a server of your own, ATLAS_DATABASE=postgres or pglite
  assistant     none yet
  new accounts  tier ${settings.defaultTier} (ATLAS_DEFAULT_TIER; one account: npm run tier -- EMAIL TIER)
  data          ${settings.dataDir} (ATLAS_DATA_DIR)
  address       PORT, HOST
`;
}
