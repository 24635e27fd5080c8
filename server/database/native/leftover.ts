import { spawnSync } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from '../../data/process-start.ts';
import { errorCode } from '../../refusal.ts';

/** Ends the PostgreSQL of this folder that outlived its Atlas; true if there was one. The caller must hold the data folder. */
export async function endLeftover(folder: string): Promise<boolean> {
  const pid = await notedProcess(folder);
  if (pid === null || !isRunning(pid)) return false;
  if (!(await isOfFolder(pid, folder))) {
    // The id belongs to another program by now, which PostgreSQL would take for a server of this folder.
    await rm(join(folder, 'postmaster.pid'), { force: true });
    return false;
  }
  await endPostgres(pid);
  return true;
}

/** Ends a PostgreSQL, harder with every step: it loses nothing committed in any of them. */
export async function endPostgres(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 5_000],
    ['SIGQUIT', 3_000],
    ['SIGKILL', 3_000],
  ] as const) {
    if (!send(pid, signal)) return;
    for (const end = Date.now() + patience; Date.now() < end; ) {
      await pause(15);
      if (!isRunning(pid)) return;
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

async function notedProcess(folder: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A PostgreSQL server works in the folder of its data. */
async function isOfFolder(pid: number, folder: string): Promise<boolean> {
  if (process.platform === 'linux') {
    try {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder));
    } catch (error) {
      // It ended meanwhile, or is of another user, as no leftover of this Atlas is.
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') return false;
      throw error;
    }
  }
  const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  return command.includes('postgres') && command.includes(folder);
}
