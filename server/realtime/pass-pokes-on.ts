import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { logError, logErrorsOnce } from '../log.ts';
import { errorCode } from '../refusal.ts';
import type { Audience } from './audience.ts';
import { type Poke, pokeChannel, readPoke } from './poke.ts';

export interface PokePassing {
  /** Takes what the database gave along with an answer. */
  said(text: string): void;
  /** Passes on what is left. */
  stop(): Promise<void>;
}

/** So long pokes for other servers wait for more: a transaction that notifies holds up all others that do. */
const gatherMs = 100;

/** Passes on to the audience what the database says, and to other servers on the same database what it told only this one. */
export async function passPokesOn(
  database: Pick<Database, 'listen' | 'inTransaction' | 'shared'>,
  audience: Pick<Audience, 'tell' | 'tellEverybody'>,
): Promise<PokePassing> {
  const log = logErrorsOnce('Other servers could not be told of changes');
  const own = randomUUID();
  let gathered: Poke[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  function hear(text: string): void {
    const poke = readPoke(text);
    if (poke !== null && poke.by !== own) audience.tell(poke);
  }
  try {
    await database.listen(pokeChannel, hear, audience.tellEverybody);
  } catch (error) {
    // A pooler in between may not let anybody listen.
    if (errorCode(error) === null) throw error;
    logError('Changes made past this server are not heard of', error);
  }

  async function tellOthers(): Promise<void> {
    timer = null;
    const pokes = JSON.stringify(gathered);
    gathered = [];
    const sql = 'select pg_notify($1, p) from jsonb_array_elements_text($2::text::jsonb) p';
    await database
      .inTransaction(async (transaction) => void (await transaction.query(sql, [pokeChannel, pokes])))
      .then(log.well, log.failed);
  }

  return {
    said(text) {
      const poke = readPoke(text);
      if (poke === null) return;
      audience.tell(poke);
      if (!database.shared) return;
      gathered.push({ ...poke, by: own });
      timer ??= setTimeout(() => void tellOthers(), gatherMs).unref();
    },
    async stop() {
      if (timer === null) return;
      clearTimeout(timer);
      await tellOthers();
    },
  };
}
