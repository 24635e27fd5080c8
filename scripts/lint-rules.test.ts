import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const root = mkdtempSync(join(tmpdir(), 'atlas-lint-'));

beforeAll(() => {
  const { vcs: _, $schema: __, ...settings } = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(root, 'biome.json'), JSON.stringify(settings));
  cpSync('scripts/lint', join(root, 'scripts/lint'), { recursive: true });
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What our linter says of a file with this source at this place. */
function complaints(file: string, source: string): string {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
  try {
    execFileSync(process.execPath, [biome, 'lint', '--error-on-warnings', file], { cwd: root, stdio: 'pipe' });
    return '';
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && 'stdout' in error) return `${error.stdout}${error.stderr}`;
    throw error;
  }
}

describe('the linter', () => {
  test.each([
    ['src/x.ts', "export const answer = fetch('/x');", 'The network belongs to the worker'],
    [
      'src/x.ts',
      "declare const d: IDBDatabase;\nexport const t = d.transaction('x', 'readwrite');",
      'The page only reads',
    ],
    [
      'src/x.ts',
      "declare const d: IDBDatabase;\nexport const t = d.transaction('x', 'readwrite', { durability: 'strict' });",
      'The page only reads',
    ],
    ['src/x.ts', "export const d = indexedDB.open('x');", 'Read through'],
    ['sw/engine/x.ts', 'export const now = Date.now();', 'The clock comes in as an argument'],
    ['sw/engine/x.ts', "export const answer = fetch('/x');", 'The server comes in as an argument'],
    ['sw/x.ts', 'export const x: any = 1;', 'noExplicitAny'],
    ['sw/x.ts', 'try {\n  JSON.parse("");\n} catch {}', 'noEmptyBlockStatements'],
    ['sw/x.ts', 'async function send() {}\nexport function go() {\n  send();\n}', 'noFloatingPromises'],
    ['sw/x.ts', "export * from './y.ts';", 'noReExportAll'],
  ])('refuses in %s: %s', (file, source, why) => {
    expect(complaints(file, source)).toContain(why);
  });

  test.each([
    ['sw/x.ts', "export const answer = fetch('/x');"],
    ['src/x.ts', "declare const d: IDBDatabase;\nexport const t = d.transaction('x', 'readonly');"],
  ])('allows in %s: %s', (file, source) => {
    expect(complaints(file, source)).toBe('');
  });
});
