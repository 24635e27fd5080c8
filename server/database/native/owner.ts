import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { errorCode } from '../../refusal.ts';
import { CannotRun } from './cannot-run.ts';

/** The user of the operating system that PostgreSQL runs as when Atlas runs as root, which PostgreSQL refuses. */
export interface Owner {
  uid: number;
  gid: number;
  name: string;
}

/** null where PostgreSQL runs as the user that Atlas runs as. */
export async function databaseOwner(dataFolder: string): Promise<Owner | CannotRun | null> {
  if (process.getuid?.() !== 0) return null;
  return (await ownerOf(dataFolder)) ?? namedOwner('postgres') ?? namedOwner('atlas-postgres') ?? makeOwner();
}

/** Whether that user gets into the folder through all those above it. */
export function canEnter(owner: Owner, folder: string): boolean {
  const { uid, gid } = owner;
  return spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Who owns the data that is there already. */
async function ownerOf(folder: string): Promise<Owner | null> {
  try {
    const { uid, gid } = await stat(folder);
    return uid === 0 ? null : { uid, gid, name: `of id ${uid}` };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function namedOwner(name: string): Owner | null {
  const [uid, gid] = ['-u', '-g'].map((which) => spawnSync('id', [which, name], { encoding: 'utf8' }).stdout);
  return /^\d+$/.test(uid?.trim() ?? '') ? { uid: Number(uid), gid: Number(gid), name } : null;
}

function makeOwner(): Owner | CannotRun {
  const name = 'atlas-postgres';
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  const made = namedOwner(name);
  return made ?? new CannotRun('Atlas runs as root and the system user that PostgreSQL needs could not be made');
}
