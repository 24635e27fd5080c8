import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath } from './chromium.mjs';

/**
 * @param {string} command
 * @param {string[]} words
 */
function runs(command, words) {
  return spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 }).status === 0;
}

async function playwrightHasOne() {
  const { chromium } = await import('playwright');
  return existsSync(chromium.executablePath());
}

function installsByPackage() {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  /** @param {string[]} words */
  const apt = (words) => {
    const [command = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...words];
    return runs(command, rest);
  };
  return existsSync('/usr/bin/apt-get') && apt(['update', '-qq']) && apt(['install', '-y', '-qq', 'chromium']);
}

/**
 * Makes sure the tests have a browser: one that is installed, else Playwright's own, else the system's package.
 * @returns {Promise<boolean>}
 */
export async function ensureBrowser() {
  if (chromiumPath() !== null || (await playwrightHasOne())) return true;
  process.stdout.write('No Chromium found: asking Playwright for its own…\n');
  if (runs(process.execPath, [join('node_modules', 'playwright', 'cli.js'), 'install', 'chromium'])) return true;
  process.stdout.write('Playwright could not bring one: trying the package chromium…\n');
  if (installsByPackage() && chromiumPath() !== null) return true;
  process.stderr.write(
    'The tests need Chromium or Chrome. Install one (Debian and Ubuntu: apt-get install chromium), or name it in ATLAS_CHROMIUM.\n',
  );
  return false;
}
