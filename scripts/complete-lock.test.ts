import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingFromLock } from './complete-lock.mjs';

test('the lock file names the packages of every system, so that npm ci works on all of them', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  expect(Object.keys(missingFromLock(lock.packages))).toEqual([]);
});

test('a package that another one brings for a foreign system is missed', () => {
  const missing = missingFromLock({
    'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies: { '@tool/win32-x64': '1.0.0' } },
  });
  expect(missing).toEqual({
    'node_modules/@tool/win32-x64': { version: '1.0.0', cpu: ['x64'], dev: true, optional: true, os: ['win32'] },
  });
});
