import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumPath } from './scripts/chromium.mjs';

const executablePath = chromiumPath();

/** `unit` runs in Node; `browser` (*.browser.test.ts) in a real browser, for what needs real IndexedDB. */
export default defineConfig({
  test: {
    // Each test makes the clients it needs, in one page.
    onConsoleLog: (log) => !log.includes('Multiple GoTrueClient instances'),
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{contract,sw,src,server,scripts,sim,mutants,supabase,e2e,bench}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Prepared at the start: found later, they would make the browser load everything again in the middle of a test.
        optimizeDeps: { include: ['fast-check'] },
        test: {
          name: 'browser',
          include: ['{sw,src}/**/*.browser.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: executablePath === null ? {} : { executablePath } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
