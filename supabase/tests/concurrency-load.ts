import postgres from 'postgres';
import { allEnded } from './all-ended.ts';
import type { Design, Reader, Sql } from './concurrency-designs.ts';

export const writers = 8;
export const readers = 4;

export interface Load {
  seconds: number;
  /** Transactions stay open for up to this long before they commit. */
  holdMs: number;
}

export interface Outcome {
  design: string;
  /** Rows that were committed. */
  rows: number;
  /** How often a reader never saw a committed row, over all readers. */
  lost: number;
  /** How often a reader was given the same change twice. */
  twice: number;
  reads: number;
}

/** A connection pool to a server of the tests. */
export function connect(port: number, most: number): Sql {
  const account = { user: 'supabase_admin', password: 'test', database: 'postgres' };
  return postgres({ host: 'localhost', port, ...account, max: most, onnotice: () => undefined });
}

/** Eight write and four read at the same time; in the end every reader reads on until there is nothing more. */
export async function runLoad(
  sql: Sql,
  design: Design,
  { seconds, holdMs }: Load,
  seen: (outcome: Outcome) => void = () => undefined,
): Promise<Outcome> {
  let until = Date.now() + seconds * 1_000;
  const committed: string[] = [];
  const outcome: Outcome = { design: design.name, rows: 0, lost: 0, twice: 0, reads: 0 };
  let writing = writers;

  async function write(): Promise<void> {
    try {
      while (Date.now() < until) {
        const ids = await sql.begin(async (tx) => {
          const written = await design.write(tx, 1 + Math.floor(Math.random() * 3));
          if (written !== null) await tx`select pg_sleep(${(Math.random() * holdMs) / 1_000})`;
          return written;
        });
        committed.push(...(ids ?? []));
        outcome.rows = committed.length;
        seen(outcome);
      }
    } catch (error) {
      // Nobody else goes on either.
      until = 0;
      throw error;
    } finally {
      writing--;
    }
  }

  async function follow(reader: Reader): Promise<void> {
    const ids = new Set<string>();
    const places = new Set<string>();
    for (let more = true; more || writing > 0; ) {
      const last = writing === 0;
      const page = await reader.read(sql);
      outcome.reads++;
      for (const { id, place } of page.rows) {
        if (places.has(`${id} ${place}`)) outcome.twice++;
        places.add(`${id} ${place}`);
        ids.add(id);
      }
      // What was committed before this page was asked for and is not in it would have been in a later one.
      more = page.more || !last;
      if (!page.more) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    outcome.lost += committed.filter((id) => !ids.has(id)).length;
  }

  const places = Array.from({ length: readers }, (_, place) => place);
  await allEnded([
    ...Array.from({ length: writers }, write),
    ...places.map((place) => follow(design.newReader(place))),
  ]);
  return outcome;
}
