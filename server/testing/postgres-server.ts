import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../database/native/cannot-run.ts';
import { ensureCluster, superuser } from '../database/native/cluster.ts';
import { databaseOwner } from '../database/native/owner.ts';
import { findPrograms } from '../database/native/programs.ts';
import { startServer } from '../database/native/server-process.ts';
import { Refusal } from '../refusal.ts';

export interface PostgresServer {
  url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL server like an operator's: nothing in it yet. */
export async function startPostgresServer(parent: string): Promise<PostgresServer> {
  const folder = join(parent, 'operators-postgres');
  await mkdir(parent, { recursive: true });
  const owner = await databaseOwner(folder);
  const programs = owner instanceof CannotRun ? owner : findPrograms(owner);
  if (owner instanceof CannotRun || programs instanceof CannotRun) throw new Error('native PostgreSQL cannot run here');
  const password = 'operators-password';
  const refused = await ensureCluster(folder, programs, owner, password);
  if (refused !== null) throw new Error(refused.sentence);
  const server = await startServer({ programs, folder, owner, died: () => undefined });
  if (server instanceof Refusal) throw new Error(server.sentence);
  return { url: `postgres://${superuser}:${password}@127.0.0.1:${server.port}/postgres`, stop: server.stop };
}
