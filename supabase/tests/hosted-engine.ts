import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineOn, freePort, type NativeEngine } from './native-engine.ts';

const programs = '/usr/lib/postgresql/15/bin';
const cron = '/usr/share/postgresql/15/extension/pg_cron.control';

/** Why no server like a hosted one can be started here, null if it can. */
export function whyNotHosted(): string | null {
  if (!existsSync(join(programs, 'postgres')))
    return 'PostgreSQL 15 of Debian is not installed (apt install postgresql-15)';
  if (!existsSync(cron)) return 'pg_cron is not installed (apt install postgresql-15-cron)';
  if (asRoot() && owner() === null) return 'there is no user postgres that the server could run as';
  return null;
}

/** PostgreSQL 15 with pg_cron, as hosted projects have it, from Debian's packages. */
export async function openHosted(): Promise<NativeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-hosted-'));
  const data = join(folder, 'data');
  const user = asRoot() ? owner() : null;
  const runAs = user ?? {};
  await chmod(folder, 0o711);
  await mkdir(data, { mode: 0o700 });
  if (user !== null) await chown(data, user.uid, user.gid);
  const words = ['-D', data, '-U', 'supabase_admin', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(join(programs, 'initdb'), words, { ...runAs, cwd: '/', encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);

  const port = await freePort();
  const settings = {
    fsync: 'off',
    listen_addresses: 'localhost',
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_cron',
    'cron.database_name': 'postgres',
    'cron.use_background_workers': 'on',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...runAs,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (lines: string) => {
      log.push(lines);
      if (lines.includes('ready to accept connections')) resolve();
    });
    server.once('close', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${log.join('')}`)));
  });
  return {
    port,
    log,
    ...engineOn(port, async () => {
      const closed = once(server, 'close');
      server.kill('SIGINT');
      await closed;
      await rm(folder, { recursive: true, force: true });
    }),
  };
}

const asRoot = () => process.getuid?.() === 0;

/** Debian's user for PostgreSQL, as whom root starts it. */
function owner(): { uid: number; gid: number } | null {
  const id = (what: string) => Number.parseInt(spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}
