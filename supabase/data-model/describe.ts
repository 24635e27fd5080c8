import { openDatabase } from '../tests/database.ts';
import { openPglite } from '../tests/pglite-engine.ts';
import { pageOf } from './page.ts';
import { readCallables, readTables } from './read-tables.ts';

/** Where the page lies. */
export const dataModelPage = new URL('../../docs/data-model.md', import.meta.url);

/** The page of a database that was just made by the migrations. */
export async function describeDatabase(): Promise<{ page: string; silent: string[] }> {
  const database = await openDatabase(await openPglite());
  try {
    const tables = await readTables((sql) => database.look(sql));
    const silent = tables.flatMap((table) =>
      table.columns.filter((column) => column.about === '').map((column) => `${table.name}.${column.name}`),
    );
    return { page: pageOf(tables, await readCallables((sql) => database.look(sql))), silent };
  } finally {
    await database.close();
  }
}
