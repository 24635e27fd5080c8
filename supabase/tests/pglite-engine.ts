import { PGlite } from '@electric-sql/pglite';
import type { Engine } from './engine.ts';

/** PostgreSQL inside this process, in memory. */
export async function openPglite(): Promise<Engine> {
  const db = await PGlite.create();
  return {
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          query: async (sql, values) => (await tx.query<Record<string, unknown>>(sql, values)).rows,
          script: async (sql) => {
            await tx.exec(sql);
          },
        }),
      ) as ReturnType<typeof work>,
    close: () => db.close(),
  };
}
