import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs work that must not run twice at once in this folder, such as a build; whoever comes second waits. A lock whose
 * process is gone counts for nothing.
 * @template Result
 * @param {string} root
 * @param {() => Result} work
 * @returns {Result}
 */
export function oneAtATime(root, work) {
  const lock = join(root, 'dist', '.lock');
  mkdirSync(join(root, 'dist'), { recursive: true });
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const pid = holder(lock);
  if (pid !== null && !isRunning(pid)) rmSync(lock, { force: true });
  return false;
}

/** @param {string} lock */
function holder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
