import type { Database } from '../database/database.ts';
import { maySync } from '../database/sync-statement.ts';
import { errorCode } from '../refusal.ts';

/** Whether sync can be called the short way: users may, and a call of nobody comes back refused as it must. */
export async function hasShortWay(database: Pick<Database, 'inTransaction' | 'callSync'>): Promise<boolean> {
  try {
    let allowed: unknown = false;
    await database.inTransaction(async (transaction) => {
      allowed = (await transaction.query(maySync, []))[0]?.allowed;
    });
    return allowed === true && (await database.callSync('{}', '{"request":{}}')).status === 401;
  } catch (error) {
    // A pooler in between may refuse what these connections ask for.
    if (errorCode(error) === null) throw error;
    return false;
  }
}
