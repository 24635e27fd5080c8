import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Some registries do not carry the packages of other systems; npm then leaves them out of package-lock.json, and `npm ci` refuses
 * it everywhere. This adds what optional dependencies name and the lock lacks. Run it after a dependency has changed.
 */

/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Entry
 */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['x64', 'ia32', 'arm', 'arm64', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/**
 * Every place where a package at `path` would find `name`, nearest first.
 * @param {string} path
 * @param {string} name
 */
function placesOf(path, name) {
  const places = [];
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    places.push(`${at}/node_modules/${name}`);
  }
  return [...places, `node_modules/${name}`];
}

/**
 * The packages that optional dependencies of exact version name and the lock lacks.
 * @param {Record<string, Entry>} packages
 * @returns {Record<string, Entry>}
 */
export function missingFromLock(packages) {
  /** @type {Record<string, Entry>} */
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d/.test(version) || placesOf(path, name).some((place) => place in packages)) continue;
      const parts = name.split(/[/-]/);
      const os = parts.filter((part) => systems.includes(part));
      const cpu = parts.filter((part) => processors.includes(part));
      missing[`node_modules/${name}`] = {
        version,
        ...(cpu.length > 0 && { cpu }),
        ...(entry.dev === true && { dev: true }),
        optional: true,
        ...(os.length > 0 && { os }),
        ...(name.includes('musl') && { libc: ['musl'] }),
      };
    }
  }
  return missing;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const missing = missingFromLock(lock.packages);
  const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`);
  process.stdout.write(`${Object.keys(missing).length} packages of other systems added to package-lock.json\n`);
}
