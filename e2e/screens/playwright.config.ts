import { defineConfig } from '@playwright/test';
import tests from '../../playwright.config.ts';

/**
 * Takes the pictures of docs/screens: `npx playwright test --config e2e/screens/playwright.config.ts`. No test: what looks
 * different is taken anew, and what does not stays as it is, to the byte.
 */
export default defineConfig(tests, {
  testDir: '.',
  testMatch: 'take-screens.ts',
  outputDir: '../../test-results/screens',
  reporter: 'list',
  snapshotPathTemplate: '../../docs/screens/{arg}{ext}',
  updateSnapshots: 'changed',
  expect: { toHaveScreenshot: { maxDiffPixels: 100 } },
  use: { trace: 'off' },
});
