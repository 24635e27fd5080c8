import { mkdir } from 'node:fs/promises';
import { PgliteConnection } from '@supabase/lite/pglite';
import type { Database, Row } from './database.ts';
import { calledSync, syncStatement } from './sync-statement.ts';
import { makeTurns } from './turns.ts';
import { withoutGrants } from './without-grants.ts';

/** PostgreSQL inside this process, where native PostgreSQL cannot run. Survives a killed process, not a power cut. */
export async function startPglite(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const connection = new QuietPglite({ url: folder });
  const driver = connection.driver;
  await driver.waitReady;
  // There is one connection, and the embedded Supabase begins a transaction on it without asking whose turn it is:
  // a statement of somebody else in between would run as the wrong user.
  const inTurn = makeTurns();
  return {
    name: `PGlite in ${folder}`,
    connection: withoutGrants(connection),
    shared: false,
    lanes: 1,
    inTransaction: (work) =>
      inTurn(() =>
        driver.transaction((transaction) =>
          work({
            async script(text) {
              await transaction.exec(text);
            },
            async query(text, parameters) {
              return (await transaction.query<Row>(text, parameters)).rows;
            },
          }),
        ),
      ),
    callSync: (claims, body) =>
      inTurn(async () => calledSync((await driver.query<Row>(syncStatement, [claims, body])).rows[0])),
    inTurn,
    async listen(channel, hear) {
      await inTurn(() => driver.listen(channel, hear));
    },
    async check() {
      await inTurn(() => driver.query('select 1'));
    },
    stop: () => connection.close(),
  };
}

/** The original writes every failing statement to the terminal, with what people wrote in it. */
class QuietPglite extends PgliteConnection {
  override async exec<T = { rows: unknown[] } | undefined>(
    query: string,
    ...parameters: readonly unknown[]
  ): Promise<T> {
    if (parameters.length > 0) return super.exec<T>(query, ...parameters);
    const results = await this.driver.exec(query);
    return { rows: results[0]?.rows ?? [] } as T;
  }
}
