import { test } from 'vitest';
import { concurrency } from './concurrency.ts';
import type { Database } from './database.ts';
import { cron } from './hosted-cron.ts';
import { denials } from './hosted-denials.ts';
import { openHosted, whyNotHosted } from './hosted-engine.ts';
import { promisesOn } from './promises.ts';
import { upgrade } from './upgrade.ts';

const missing = whyNotHosted();
if (missing === null) {
  const more = (open: () => Database) => {
    for (const suite of [concurrency, denials, cron]) suite(open);
  };
  promisesOn('a hosted project', openHosted, more);
  upgrade('a hosted project', openHosted);
} else {
  test.skip(`a hosted project keeps every promise: not tried, ${missing}`);
}
