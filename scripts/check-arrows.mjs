import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trackedFiles } from './tracked-files.mjs';

/**
 * Which folder may import which: the arrows of docs/architecture.md. The longest matching folder counts. `packages` names
 * what may be loaded from npm or Node there; absent means anything.
 * @type {Record<string, { folders: string[], packages?: RegExp }>}
 */
const arrows = {
  'contract/': { folders: [], packages: /^(valibot|idb)$/ },
  'src/': { folders: ['contract/'], packages: /^(preact|@preact\/signals|idb|valibot|workbox-window)(\/|$)/ },
  'sw/engine/': { folders: ['contract/'], packages: /^valibot$/ },
  'sw/': {
    folders: ['contract/', 'sw/engine/'],
    packages: /^(idb|valibot|@supabase\/supabase-js|workbox-(precaching|routing|background-sync|core))(\/|$)/,
  },
  'supabase/functions/': { folders: ['contract/'] },
  'supabase/tests/': { folders: ['contract/', 'sim/model/', 'server/testing/'] },
  'server/': { folders: ['contract/', 'supabase/functions/'] },
  'e2e/': { folders: ['contract/', 'server/testing/', 'scripts/', 'playwright.config.ts'] },
  'sim/model/': { folders: ['contract/'] },
  'sim/': { folders: ['contract/', 'sim/model/', 'sw/engine/'] },
  'mutants/': { folders: ['sim/'] },
  'bench/': {
    folders: [
      'contract/',
      'sw/engine/',
      'sw/store/',
      'supabase/tests/',
      'server/testing/',
      'e2e/',
      'playwright.config.ts',
    ],
  },
  'scripts/': { folders: [] },
};

/** Static imports begin a line, as the formatter leaves them; dynamic ones stand anywhere. */
const importing = /(?:^(?:import|export|\})[^'"\n]*\bfrom\s+|^import\s+|\bimport\s*\(\s*)(['"])([^'"\n]+)\1/gm;
const isTest = /\.test\.tsx?$|\/testing\//;
const testPackages = /^(vitest|fast-check|node:.*)$/;

/** @param {string} path */
function folderOf(path) {
  return Object.keys(arrows)
    .filter((folder) => path.startsWith(folder))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * The sentence that says why this file may not import that, or null.
 * @param {string} file
 * @param {string} specifier
 */
function forbidden(file, specifier) {
  const from = folderOf(file);
  if (from === undefined) return null;
  const rule = arrows[from];
  if (rule === undefined) return null;
  if (!specifier.startsWith('.')) {
    if (rule.packages === undefined || rule.packages.test(specifier)) return null;
    if (isTest.test(file) && testPackages.test(specifier)) return null;
    return `${file} loads ${specifier}, which ${from} may not`;
  }
  const target = normalize(join(dirname(file), specifier));
  const to = folderOf(target);
  if (to === from || rule.folders.some((folder) => target.startsWith(folder))) return null;
  if (isTest.test(file) && target.startsWith(from)) return null;
  return `${file} imports ${target}, but ${from} may only import ${[from, ...rule.folders].join(', ')}`;
}

/**
 * Every import in this source that goes against the arrows, as sentences.
 * @param {string} file its path from the root
 * @param {string} source
 * @returns {string[]}
 */
export function forbiddenArrows(file, source) {
  return [...source.matchAll(importing)].flatMap((match) => forbidden(file, match[2] ?? '') ?? []);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = trackedFiles().filter((file) => /\.(ts|tsx|mjs)$/.test(file));
  const wrong = files.flatMap((file) => forbiddenArrows(file, readFileSync(file, 'utf8')));
  for (const sentence of wrong) process.stderr.write(`${sentence}\n`);
  process.stdout.write(`${files.length} files, ${wrong.length} forbidden imports\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
