import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../refusal.ts';
import { isRunning, processStart } from './process-start.ts';

const HolderSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When that process began, where the system says so: ids are used again. */
  began: v.nullable(v.string()),
  /** Where it answers, once it does. */
  address: v.nullable(v.string()),
});
export type LockHolder = v.InferOutput<typeof HolderSchema>;

export interface FolderLock {
  /** Tells whoever finds the lock where this Atlas answers. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
}

const fileName = 'lock';

/** The running Atlas that holds this folder, or null. */
export async function lockHolder(folder: string): Promise<LockHolder | null> {
  const text = await readLock(join(folder, fileName));
  return text === null ? null : livingHolder(text);
}

/** Takes the folder for this process, also from a holder that died; or says who holds it. */
export async function lockFolder(folder: string): Promise<FolderLock | LockHolder> {
  const path = join(folder, fileName);
  const own: LockHolder = { pid: process.pid, began: processStart(process.pid), address: null };
  for (;;) {
    if (await createWhole(path, JSON.stringify(own))) return heldLock(path, own);
    const found = await readLock(path);
    if (found === null) continue;
    const holder = livingHolder(found);
    if (holder !== null) return holder;
    await removeDead(path, found);
  }
}

function heldLock(path: string, own: LockHolder): FolderLock {
  return {
    async announce(address) {
      const next = `${path}.${randomUUID()}`;
      await writeFile(next, JSON.stringify({ ...own, address }), { mode: 0o600 });
      await rename(next, path);
    },
    release: () => rm(path, { force: true }),
  };
}

/** Makes the file with all of its content at once, or says false where it exists already. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // Some file systems have no hard links.
    if (errorCode(error) === 'EPERM' || errorCode(error) === 'ENOTSUP') return createExclusive(path, content);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function createExclusive(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that find the same dead lock, none removes the new one of another. */
async function removeDead(path: string, found: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== found) await link(aside, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw error;
  }
  await rm(aside, { force: true });
}

async function readLock(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function livingHolder(text: string): LockHolder | null {
  const holder = v.safeParse(v.pipe(v.string(), v.parseJson(), HolderSchema), text);
  if (!holder.success) return null;
  const { pid, began } = holder.output;
  if (pid === process.pid || !isRunning(pid)) return null;
  const runningSince = processStart(pid);
  return began === null || runningSince === null || began === runningSince ? holder.output : null;
}
