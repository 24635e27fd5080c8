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
  { what: 'page script at start', most: 35_000, bytes: sum(atStart.filter((file) => file.endsWith('.js'))) },
  { what: 'styles at start', most: 10_000, bytes: sum(atStart.filter((file) => file.endsWith('.css'))) },
  { what: 'worker', most: 90_000, bytes: gzipped('service-worker.js') },
  { what: 'precache', most: 300_000, bytes: sum(precached) },
];

for (const { what, most, bytes } of budgets) {
  process.stdout.write(`${bytes > most ? 'TOO BIG' : 'fits   '} ${what}: ${bytes} of ${most} bytes\n`);
}
if (precached.length === 0) process.stderr.write('The worker precaches nothing: its manifest is empty.\n');
process.exitCode = precached.length > 0 && budgets.every(({ most, bytes }) => bytes <= most) ? 0 : 1;
