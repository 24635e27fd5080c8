import { constants } from 'node:fs';
import { access, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { errorCode, Refusal } from '../refusal.ts';
import { exists } from './exists.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';

/** Raised when an older Atlas could not read what this one writes. */
export const dataVersion = 1;

export interface DataFolder {
  path: string;
  lock: FolderLock;
}

const notWritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'EDQUOT', 'ENOENT']);

/** Makes the data folder if needed and takes it for this process, or says why it cannot be used. */
export async function openDataFolder(path: string): Promise<DataFolder | Refusal> {
  try {
    await makePrivate(path);
    const newer = await newerVersion(path);
    if (newer !== null) {
      const versions = `data version ${newer}, this one knows ${dataVersion}`;
      return new Refusal('newer', `The data in ${path} was written by a newer Atlas (${versions}): update Atlas.`);
    }
    const lock = await lockFolder(path);
    if (!('release' in lock)) {
      const at = lock.address === null ? '' : ` at ${lock.address}`;
      const other = `Another Atlas (process ${lock.pid}${at}) is using the data folder ${path}`;
      return new Refusal('locked', `${other}: stop it, or set ATLAS_DATA_DIR to another folder.`);
    }
    await writeFile(join(path, 'version'), `${dataVersion}\n`, { mode: 0o600 });
    return { path, lock };
  } catch (error) {
    const code = errorCode(error);
    if (code === null || !notWritable.has(code)) throw error;
    const sentence = `Atlas cannot write to its data folder ${path} (${code}): set ATLAS_DATA_DIR to one it can write to.`;
    return new Refusal('unwritable', sentence);
  }
}

async function makePrivate(path: string): Promise<void> {
  if ((await makeFolder(path)) && process.platform !== 'win32') {
    // As root the database runs as another user, who has to pass through here to its own folder.
    await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  }
  if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  await access(path, constants.W_OK | constants.X_OK);
}

/** Makes a folder and those above it; false if it is there. Node's own way never ends where a folder cannot have any. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path || (await exists(dirname(path)))) throw error;
  }
  await makeFolder(dirname(path));
  await mkdir(path);
  return true;
}

async function newerVersion(path: string): Promise<string | null> {
  try {
    const text = (await readFile(join(path, 'version'), 'utf8')).trim();
    const version = v.safeParse(v.pipe(v.string(), v.digits(), v.transform(Number)), text);
    return version.success && version.output <= dataVersion ? null : text;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
