import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { denials } from './hosted-denials.ts';
import { openPglite } from './pglite-engine.ts';

describe('denied', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(await openPglite());
  });
  afterAll(() => database?.close());
  denials(() => database);
});
