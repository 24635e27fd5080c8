import { afterAll, beforeAll, describe } from 'vitest';
import { access } from './access.ts';
import { accounts, earlierAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import type { Engine } from './engine.ts';
import { pulls } from './pulls.ts';
import { purges } from './purges.ts';
import { refusals } from './refusals.ts';
import { trash } from './trash.ts';
import { writes } from './writes.ts';

/** Everything the database promises, on one engine. */
export function promisesOn(name: string, start: () => Promise<Engine>, more?: (open: () => Database) => void): void {
  describe(name, () => {
    let database: Database | undefined;
    beforeAll(async () => {
      database = await openDatabase(await start(), async (session) => {
        await session.query('insert into auth.users (email) values ($1)', [earlierAccount]);
      });
    });
    afterAll(() => database?.close());
    const open = () => {
      if (database === undefined) throw new Error(`${name} did not start`);
      return database;
    };
    for (const suite of [writes, trash, purges, pulls, refusals, accounts, access, more]) suite?.(open);
  });
}
