import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureInstalled } from './install.mjs';

/** Everything that must hold, in one run; it goes on after a failure and ends with one line of counts. */
const results = 'test-results';
const environment = { ...process.env, DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1' };
let passed = 0;
let failed = 0;

/** @param {...string} words */
function node(...words) {
  return spawnSync(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'], env: environment }).status === 0;
}

/** @param {...string} path */
const bin = (...path) => join('node_modules', ...path);

/**
 * A check that is one thing: it holds or it does not.
 * @param {string} what
 * @param {() => boolean} holds
 */
function check(what, holds) {
  process.stdout.write(`\n== ${what}\n`);
  const held = holds();
  if (held) passed += 1;
  else {
    failed += 1;
    process.stdout.write(`FAILED: ${what}\n`);
  }
  return held;
}

/**
 * A runner of many tests that leaves a report; one that leaves none has failed as a whole.
 * @template Report
 * @param {string} what
 * @param {string} report
 * @param {() => boolean} run
 * @param {(report: Report) => { passed: number, failed: number }} count
 */
function suite(what, report, run, count) {
  process.stdout.write(`\n== ${what}\n`);
  rmSync(report, { force: true });
  const ended = run();
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 1 };
  passed += counted.passed;
  failed += counted.failed + (!ended && counted.failed === 0 ? 1 : 0);
}

ensureInstalled();
const browser = await ensureBrowser();
mkdirSync(results, { recursive: true });

check('types of every world', () => node('scripts/check-types.mjs'));
check('lint and format', () => node(bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'));
check('direction of imports', () => node('scripts/check-arrows.mjs'));
const built = check('production build', () => node('scripts/build.mjs'));
check('budgets', () => built && node('scripts/check-budgets.mjs'));
check('simulated lives: 2,000 seeds, and something going wrong at every place of ten histories', () =>
  node('scripts/run-typescript.mjs', 'sim/command.ts', '--seeds', '2000', '--every-await'),
);
suite(
  'unit and SQL tests',
  join(results, 'unit.json'),
  () =>
    node(
      bin('vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(results, 'unit.json')}`,
    ),
  /** @param {{ numPassedTests: number, numFailedTests: number }} report */
  (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
);
if (built && browser) {
  suite(
    'end-to-end tests on the built app',
    join(results, 'e2e.json'),
    () => node(bin('@playwright', 'test', 'cli.js'), 'test'),
    /** @param {{ stats: { expected: number, flaky: number, unexpected: number } }} report */
    (report) => ({ passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected }),
  );
} else {
  check('end-to-end tests', () => false);
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
