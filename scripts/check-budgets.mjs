import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const app = join('dist', 'app');

/** @param {string} file */
const gzipped = (file) => gzipSync(readFileSync(join(app, file)), { level: 9 }).length;

/** @param {string[]} files */
const sum = (files) => files.reduce((bytes, file) => bytes + gzipped(file), 0);

const html = readFileSync(join(app, 'index.html'), 'utf8');
const atStart = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1] ?? '');
const all = readdirSync(app, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(app.length + 1));
const precached = all.filter((file) => readFileSync(join(app, 'service-worker.js'), 'utf8').includes(`"${file}"`));

/** Bytes after gzip; docs/status.md says where we stand. */
const budgets = [
  // theme.js, for the first paint, is not yet the page.
  { what: 'page script at start', most: 35_000, files: atStart.filter((file) => file.endsWith('.js')), least: 2 },
  { what: 'styles at start', most: 10_000, files: atStart.filter((file) => file.endsWith('.css')), least: 1 },
  { what: 'worker', most: 90_000, files: ['service-worker.js'], least: 1 },
  { what: 'precache', most: 300_000, files: precached, least: 1 },
];

const kept = budgets.map(({ what, most, files, least }) => {
  const bytes = sum(files);
  const found = files.length >= least;
  const verdict = found ? (bytes > most ? 'TOO BIG' : 'fits   ') : 'MISSING';
  process.stdout.write(`${verdict} ${what}: ${bytes} of ${most} bytes\n`);
  return found && bytes <= most;
});
process.exitCode = kept.every(Boolean) ? 0 : 1;
