import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorCode, Refusal } from '../../refusal.ts';
import type { Owner } from './owner.ts';
import type { Programs } from './programs.ts';

export const superuser = 'postgres';

/** Makes the folder of a new PostgreSQL, whole or not at all; one that is there is checked for its version. */
export async function ensureCluster(
  folder: string,
  programs: Programs,
  owner: Owner | null,
  password: string,
): Promise<Refusal | null> {
  const version = await clusterVersion(folder);
  if (version !== null) return versionRefusal(folder, version, programs.version);
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner !== null) for (const path of [draft, passwordFile]) await chown(path, owner.uid, owner.gid);
  const cluster = join(draft, 'cluster');
  const problem = await initialise(programs, owner, cluster, passwordFile);
  if (problem !== null) return new Refusal('database', `A new database could not be made in ${folder}: ${problem}.`);
  await rename(cluster, folder);
  await rm(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  return null;
}

/** Whether a folder holds a PostgreSQL, and of which major version. */
export async function clusterVersion(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function versionRefusal(folder: string, version: string, own: string): Refusal | null {
  const major = own.split(/\D/)[0] ?? '';
  if (version === major) return null;
  const what = `The database in ${folder} is of PostgreSQL ${version}, and this Atlas has ${major}`;
  if (Number(version) > Number(major)) return new Refusal('newer', `${what}: update Atlas.`);
  return new Refusal(
    'older',
    `${what}: start the Atlas that made it, move the data over with pg_dump, or set DATABASE_URL.`,
  );
}

async function initialise(
  programs: Programs,
  owner: Owner | null,
  cluster: string,
  passwordFile: string,
): Promise<string | null> {
  const flags = ['--auth=scram-sha-256', `--username=${superuser}`, `--pwfile=${passwordFile}`, '--no-instructions'];
  // A locale of PostgreSQL's own sorts alike on every machine.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const child = spawn(programs.initdb, [`--pgdata=${cluster}`, ...flags, ...locale], {
    ...owner,
    cwd: dirname(cluster),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TMPDIR: tmpdir() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return code === 0 ? null : said.trim().replaceAll('\n', ' ');
}
