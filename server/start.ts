import { join } from 'node:path';
import { openDataFolder } from './data/data-folder.ts';
import { openKeys } from './data/keys.ts';
import type { Database } from './database/database.ts';
import { applyMigrations } from './database/migrations.ts';
import { openDatabase } from './database/open-database.ts';
import { prepareRoles } from './database/prepare-roles.ts';
import { listen } from './http/http-server.ts';
import { answerRequests } from './http/requests.ts';
import { readStaticFiles } from './http/static-files.ts';
import { answerBySupabase } from './http/supabase-requests.ts';
import { makeAudience } from './realtime/audience.ts';
import { passPokesOn } from './realtime/pass-pokes-on.ts';
import { openRealtime } from './realtime/realtime-server.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import { openSupabase } from './supabase.ts';
import { hasShortWay } from './sync/short-way.ts';
import { makeSyncMeter } from './sync/sync-meter.ts';
import { answerSync, type GenericAnswer } from './sync/sync-requests.ts';
import { startDatabaseTimers } from './timers/database-timers.ts';

export interface Surroundings {
  /** The folder of this installation, where dist and supabase are. */
  home: string;
  /** Says what people should know. */
  say(sentence: string): void;
  /** Something that Atlas cannot go on without is gone. */
  lost(refusal: Refusal): void;
  /** Whether the database is looked after by timers; not while a restored one waits for its new epoch. */
  timers: boolean;
}

export interface Atlas {
  address: string;
  database: string;
  stop(): Promise<void>;
}

/** Starts everything in one process; what it cannot start with, it ends again before it says why. */
export async function startAtlas(settings: Settings, surroundings: Surroundings): Promise<Atlas | Refusal> {
  const opened: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const started = await open(settings, surroundings, opened);
    if (started instanceof Refusal) {
      await stop();
      return started;
    }
    return { ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  settings: Settings,
  { home, say, lost, timers }: Surroundings,
  opened: (() => Promise<void>)[],
): Promise<Omit<Atlas, 'stop'> | Refusal> {
  const folder = await openDataFolder(settings.dataDir);
  if (folder instanceof Refusal) return folder;
  opened.push(() => folder.lock.release());

  const server = await listen(settings.host, settings.port);
  if (server instanceof Refusal) return server;
  // Requests end before the database does.
  const closeServer = () => server.close();
  opened.push(closeServer);

  const keys = await openKeys(folder.path);
  if (keys instanceof Refusal) return keys;
  const database = await openDatabase({ settings, password: keys.databasePassword, say, lost });
  if (database instanceof Refusal) return database;
  opened.splice(opened.indexOf(closeServer), 0, () => database.stop());

  const unprepared = await prepareRoles(database);
  if (unprepared !== null) return unprepared;
  const supabase = await openSupabase(database, keys);
  const unapplied = await applyMigrations(database, join(home, 'supabase', 'migrations'));
  if (unapplied !== null) return unapplied;
  await database.connection.clearSchemaCache();
  await setDefaultTier(database, settings.defaultTier);

  const audience = makeAudience();
  const pokes = await passPokesOn(database, audience);
  opened.splice(opened.indexOf(closeServer), 0, pokes.stop);
  const realtime = openRealtime({ audience, ...keys });
  // Its connections are ended before those of requests are waited for.
  opened.push(realtime.stop);
  const meter = makeSyncMeter(database.lanes, () => performance.now());
  const generic: GenericAnswer = (...request) => answerBySupabase(supabase, ...request);
  const shortWay = await hasShortWay(database);
  if (!shortWay)
    say('Sync takes the longer way through the embedded Supabase, because the short one is not open here.');
  server.open(
    answerRequests({
      database,
      supabase: generic,
      sync: shortWay ? answerSync({ ...keys, database, meter, generic, poked: pokes.said }) : null,
      publishableKey: keys.publishableKey,
      files: await readStaticFiles(join(home, 'dist', 'app')),
    }),
    realtime.upgrade,
  );
  if (timers) opened.push(await startDatabaseTimers(database, meter));
  await folder.lock.announce(server.address);
  return { address: server.address, database: database.name };
}

async function setDefaultTier(database: Database, tier: Settings['defaultTier']): Promise<void> {
  await database.inTransaction(async (transaction) => {
    await transaction.query('select public.set_default_tier($1)', [tier]);
  });
}
