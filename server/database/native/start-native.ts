import { join } from 'node:path';
import { Refusal } from '../../refusal.ts';
import type { Database } from '../database.ts';
import { connectPostgres } from '../postgres-connection.ts';
import { CannotRun } from './cannot-run.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { endLeftover } from './leftover.ts';
import { canEnter, databaseOwner } from './owner.ts';
import { findPrograms } from './programs.ts';
import { type ServerOptions, type ServerProcess, startServer } from './server-process.ts';

export interface NativeOptions {
  dataDir: string;
  password: string;
  /** Says what people should know. */
  say(sentence: string): void;
  /** The database is gone and did not come back. */
  lost(refusal: Refusal): void;
}

/** The PostgreSQL that came with the dependencies, on the data folder, with this process as its only client. */
export async function startNative(options: NativeOptions): Promise<Database | Refusal | CannotRun> {
  const folder = join(options.dataDir, 'postgres');
  const owner = await databaseOwner(folder);
  if (owner instanceof CannotRun) return owner;
  if (owner !== null && !canEnter(owner, options.dataDir)) {
    return new CannotRun(`the system user ${owner.name}, which it runs as, may not enter ${options.dataDir}`);
  }
  const programs = findPrograms(owner);
  if (programs instanceof CannotRun) return programs;
  if (await endLeftover(folder)) options.say('A database that outlived its Atlas was ended.');
  const refused = await ensureCluster(folder, programs, owner, options.password);
  if (refused !== null) return refused;
  const server = await keepRunning({ programs, folder, owner }, options);
  if (server instanceof Refusal) return server;
  const url = `postgres://${superuser}:${options.password}@127.0.0.1:${server.port}/postgres`;
  return connectPostgres(url, `embedded PostgreSQL ${programs.version} in ${folder}`, () => server.stop());
}

/** A server that dies, killed for want of memory for instance, is started again where its clients expect it. */
async function keepRunning(
  what: Omit<ServerOptions, 'died'>,
  { say, lost }: NativeOptions,
): Promise<ServerProcess | Refusal> {
  let current: ServerProcess | null = null;
  let stopped = false;
  let lastDeath = 0;
  const died = async () => {
    const again = Date.now() - lastDeath > 10_000;
    lastDeath = Date.now();
    if (stopped) return;
    say('The database ended unexpectedly; it is started again.');
    const next = again ? await startServer({ ...what, died: onDeath }, current?.port) : null;
    if (next === null) lost(new Refusal('database', `PostgreSQL keeps ending in ${what.folder}.`));
    else if (next instanceof Refusal) lost(next);
    else current = next;
  };
  const onDeath = () => void died();
  const first = await startServer({ ...what, died: onDeath });
  if (first instanceof Refusal) return first;
  current = first;
  return {
    port: first.port,
    stop: async () => {
      stopped = true;
      await current?.stop();
    },
  };
}
