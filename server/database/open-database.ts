import { join } from 'node:path';
import { exists } from '../data/exists.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import type { Database } from './database.ts';
import { CannotRun } from './native/cannot-run.ts';
import { startNative } from './native/start-native.ts';
import { connectOperators } from './operators.ts';
import { startPglite } from './pglite.ts';

export interface DatabaseOptions {
  settings: Settings;
  password: string;
  /** Says what people should know. */
  say(sentence: string): void;
  /** The database is gone and did not come back. */
  lost(refusal: Refusal): void;
}

/** The database that the settings name, else the kind the data folder holds, else native PostgreSQL or what can run. */
export async function openDatabase(options: DatabaseOptions): Promise<Database | Refusal> {
  const { databaseUrl, dataDir, database } = options.settings;
  if (databaseUrl !== null) return connectOperators(databaseUrl);
  const pgliteFolder = join(dataDir, 'pglite');
  const hasNative = await exists(join(dataDir, 'postgres'));
  const hasPglite = await exists(pgliteFolder);
  if (database === 'pglite' || (database === null && hasPglite && !hasNative)) return startPglite(pgliteFolder);
  const native = await startNative({ ...options, dataDir });
  if (!(native instanceof CannotRun)) return native;
  if (database === 'postgres' || hasNative) {
    const sentence = `PostgreSQL cannot run here, because ${native.reason}: set ATLAS_DATABASE=pglite to start without it.`;
    return new Refusal('database', sentence);
  }
  options.say(`Using PGlite, because ${native.reason}. It survives a crash of Atlas, but not a power cut.`);
  return startPglite(pgliteFolder);
}
