import { defineConfig } from '@playwright/test';
import { chromiumPath } from './scripts/chromium.mjs';

const executablePath = chromiumPath();
// Chromium's own sandbox does not work for root.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The built app in a real browser, its real server behind a network that can fail. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  use: {
    // A film of every device costs three times the tests; the trace's snapshots show as much.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
    screenshot: 'only-on-failure',
    launchOptions: { args, ...(executablePath === null ? {} : { executablePath }) },
  },
});
