import type { DBSchema, IDBPDatabase } from 'idb';

/** A database that is opened when it is needed, and again when the browser took the connection away. */
export interface Reopening<Schema extends DBSchema> {
  use<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T>;
}

/** `work` is run a second time if the connection turned out to be closed, which leaves nothing of the first. */
export function reopening<Schema extends DBSchema>(
  open: (lost: () => void) => Promise<IDBPDatabase<Schema>>,
): Reopening<Schema> {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;

  function connection(): Promise<IDBPDatabase<Schema>> {
    if (opened !== null) return opened;
    const forget = () => {
      if (opened === mine) opened = null;
    };
    const mine = open(forget);
    mine.catch(forget);
    opened = mine;
    return mine;
  }

  return {
    async use(work) {
      try {
        return await work(await connection());
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
        opened = null;
        return work(await connection());
      }
    },
  };
}
