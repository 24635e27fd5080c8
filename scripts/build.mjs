import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from './one-at-a-time.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * @typedef {{ folder: string, config: string, proof: string, sources: string[] }} Part
 * What is built on its own. `proof` is a file that only a whole build has.
 * @type {Record<'app' | 'server', Part>}
 */
const parts = {
  app: {
    folder: 'dist/app',
    config: 'vite.config.ts',
    proof: 'service-worker.js',
    sources: ['src', 'sw', 'contract', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json'],
  },
  server: {
    folder: 'dist/server',
    config: 'server/vite.config.ts',
    proof: 'main.js',
    sources: ['server', 'contract', 'tsconfig.json'],
  },
};

/**
 * Builds what is older than its sources; ends the process where that fails.
 * @param {('app' | 'server')[]} names
 */
export function ensureBuilt(names = ['app', 'server']) {
  for (const name of names) {
    if (isFresh(parts[name])) continue;
    oneAtATime(root, () => {
      if (!isFresh(parts[name])) build(name);
    });
  }
}

/** @param {'app' | 'server'} name */
function build(name) {
  const part = parts[name];
  const folder = join(root, part.folder);
  const sources = hashOfSources(part);
  process.stdout.write(`Building the ${name}…\n`);
  // Beside the old one and put into its place when it is whole: what is served is never half a build.
  const next = `${folder}.next`;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const words = ['build', '--config', part.config, '--outDir', next, '--emptyOutDir', '--logLevel', 'warn'];
  const ended = spawnSync(process.execPath, [vite, ...words], { cwd: root, encoding: 'utf8' });
  if (ended.status !== 0 || !existsSync(join(next, part.proof))) {
    process.stderr.write(`${ended.stdout}${ended.stderr}The ${name} could not be built: see above.\n`);
    process.exit(1);
  }
  rmSync(markOf(part), { force: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
  writeFileSync(`${markOf(part)}.next`, sources);
  renameSync(`${markOf(part)}.next`, markOf(part));
}

/** @param {Part} part */
function isFresh(part) {
  if (!existsSync(markOf(part)) || !existsSync(join(root, part.folder, part.proof))) return false;
  return readFileSync(markOf(part), 'utf8') === hashOfSources(part);
}

/** @param {Part} part */
function markOf(part) {
  return join(root, `${part.folder}.built`);
}

/**
 * Everything a build depends on, the settings that are built in among it.
 * @param {Part} part
 */
function hashOfSources(part) {
  const hash = createHash('sha256');
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('VITE_'));
  hash.update(JSON.stringify(settings.sort()));
  const dotEnv = readdirSync(root).filter((name) => name.startsWith('.env'));
  for (const source of ['package-lock.json', part.config, ...dotEnv, ...part.sources]) {
    for (const file of filesOf(source)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} source a file or a folder
 * @returns {string[]}
 */
function filesOf(source) {
  const found = statSync(join(root, source), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return /\.test\.tsx?$/.test(source) ? [] : [source];
  return readdirSync(join(root, source))
    .sort()
    .flatMap((name) => filesOf(`${source}/${name}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = Object.keys(parts).filter((name) => process.argv.includes(name));
  ensureBuilt(named.length === 0 ? undefined : /** @type {('app' | 'server')[]} */ (named));
}
