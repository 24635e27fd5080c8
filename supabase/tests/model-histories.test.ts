import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { liveThrough } from './model-history.ts';
import { knownHistories } from './model-known-histories.ts';
import { histories } from './model-steps.ts';
import { openPglite } from './pglite-engine.ts';

describe('the database and the model of the protocol answer the same, and devices converge', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(await openPglite());
  });
  afterAll(() => database?.close());

  test.each(Object.entries(knownHistories))('%s', async (_, history) => {
    await liveThrough(database, history);
  });

  // More of them, and the shortest history that fails: npm run test:histories -- 20 SEED.
  test.each([1, 2, 3])('whatever happens (seed %i)', { timeout: 120_000 }, async (seed) => {
    const lived = fc.asyncProperty(histories(100), (history) => liveThrough(database, history));
    await fc.assert(lived, { seed, numRuns: 5, endOnFailure: true });
  });
});
