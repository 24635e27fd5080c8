import { afterAll, beforeAll, describe } from 'vitest';
import { access } from './access.ts';
import { accounts, earlierAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import type { Engine } from './engine.ts';
import { guards } from './guards.ts';
import { limits } from './limits.ts';
import { maintenance } from './maintenance.ts';
import { months } from './months.ts';
import { newMessages } from './new-messages.ts';
import { ownData } from './own-data.ts';
import { pokes } from './pokes.ts';
import { pulls } from './pulls.ts';
import { purges } from './purges.ts';
import { refusals } from './refusals.ts';
import { restores } from './restores.ts';
import { trash } from './trash.ts';
import { usage } from './usage.ts';
import { writes } from './writes.ts';

/** Everything the database promises, on one engine. */
export function promisesOn(
  name: string,
  start: () => Promise<Engine>,
  ...more: ((open: () => Database) => void)[]
): void {
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
    for (const suite of [
      writes,
      newMessages,
      trash,
      purges,
      pulls,
      refusals,
      accounts,
      access,
      guards,
      months,
      usage,
      ownData,
      limits,
      restores,
      maintenance,
      pokes,
      ...more,
    ])
      suite(open);
  });
}
