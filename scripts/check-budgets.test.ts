import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = join(import.meta.dirname, 'check-budgets.mjs');
const whole =
  '<script src="/theme.js"></script><script type="module" src="/assets/a.js"></script><link href="/assets/a.css">';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-budgets-'));
  mkdirSync(join(folder, 'dist', 'app', 'assets'), { recursive: true });
  write('theme.js', 'theme');
  write('assets/a.js', 'script');
  write('assets/a.css', 'styles');
  write('service-worker.js', 'precache([{url:"assets/a.js"}])');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): void {
  writeFileSync(join(folder, 'dist', 'app', name), content);
}

function check(html: string) {
  write('index.html', html);
  const { status, stdout } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  return { status, stdout };
}

test('a build within its budgets passes', () => {
  expect(check(whole).status).toBe(0);
});

test('a page without a script of its own, or without styles, fails instead of weighing nothing', () => {
  const noScript = check(whole.replace('<script type="module" src="/assets/a.js"></script>', ''));
  expect(noScript.status).toBe(1);
  expect(noScript.stdout).toContain('MISSING page script');
  const noStyles = check(whole.replace('<link href="/assets/a.css">', ''));
  expect(noStyles.status).toBe(1);
  expect(noStyles.stdout).toContain('MISSING styles');
});

test('a worker that precaches nothing fails', () => {
  write('service-worker.js', 'precache([])');
  expect(check(whole).stdout).toContain('MISSING precache');
});
