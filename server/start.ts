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
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import { openSupabase } from './supabase.ts';

export interface Surroundings {
  /** The folder of this installation, where dist and supabase are. */
  home: string;
  /** Says what people should know. */
  say(sentence: string): void;
  /** Something that Atlas cannot go on without is gone. */
  lost(refusal: Refusal): void;
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
  { home, say, lost }: Surroundings,
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

  const files = await readStaticFiles(join(home, 'dist', 'app'));
  server.open(answerRequests({ database, supabase, publishableKey: keys.publishableKey, files }));
  await folder.lock.announce(server.address);
  return { address: server.address, database: database.name };
}

async function setDefaultTier(database: Database, tier: Settings['defaultTier']): Promise<void> {
  await database.inTransaction(async (transaction) => {
    await transaction.query('select public.set_default_tier($1)', [tier]);
  });
}
