import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const home = join(import.meta.dirname, '..');
const config = `export default { build: { ssr: true, target: 'node20', rollupOptions: { input: { main: 'server/main.ts' } } } };`;
let copy: string;

/** A small project with the real script and the real bundler. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'atlas-build-'));
  mkdirSync(join(copy, 'scripts'));
  for (const name of ['build.mjs', 'one-at-a-time.mjs'])
    cpSync(join(home, 'scripts', name), join(copy, 'scripts', name));
  symlinkSync(join(home, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'server'));
  write('server/vite.config.ts', config);
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{}');
  write('server/main.ts', `console.log('first');`);
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function write(name: string, content: string): void {
  writeFileSync(join(copy, name), content);
}

function build(env: Record<string, string> = {}) {
  const script = join(copy, 'scripts', 'build.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'server'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, built: stdout.includes('Building the server'), stderr };
}

function runBuilt(): string {
  return spawnSync(process.execPath, [join(copy, 'dist', 'server', 'main.js')], { encoding: 'utf8' }).stdout.trim();
}

test('it builds what changed, and nothing when nothing did', () => {
  expect(build()).toMatchObject({ status: 0, built: true });
  expect(runBuilt()).toBe('first');
  expect(build()).toMatchObject({ status: 0, built: false });
  write('server/main.ts', `console.log('second');`);
  expect(build()).toMatchObject({ status: 0, built: true });
  expect(runBuilt()).toBe('second');
});

test('a setting that is built in is a change, a test is not', () => {
  build();
  write('server/main.test.ts', 'nothing');
  expect(build().built).toBe(false);
  expect(build({ VITE_SUPABASE_URL: 'https://a.example' }).built).toBe(true);
});

test('a build that fails leaves the one before it in place, and is tried again', () => {
  build();
  write('server/main.ts', 'const = ;');
  const failed = build();
  expect(failed).toMatchObject({ status: 1, built: true });
  expect(failed.stderr).toContain('The server could not be built');
  expect(runBuilt()).toBe('first');
  expect(build().built).toBe(true);
});

test('a build that was interrupted is not taken for a whole one', () => {
  build();
  rmSync(join(copy, 'dist', 'server.built'));
  write('dist/server/main.js', 'half a');
  expect(build().built).toBe(true);
  expect(runBuilt()).toBe('first');
});

test('a build that was killed holds nobody up', () => {
  mkdirSync(join(copy, 'dist'));
  write('dist/.lock', '999999999');
  expect(build()).toMatchObject({ status: 0, built: true });
  expect(existsSync(join(copy, 'dist', '.lock'))).toBe(false);
  expect(readFileSync(join(copy, 'dist', 'server.built'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
});
