import { allEnded } from './all-ended.ts';
import type { Sql } from './concurrency-designs.ts';

export interface PartitionChanges {
  /** Months that were made while others wrote. */
  made: number;
  /** How often it gave up rather than let others wait. */
  gaveUp: number;
}

/** Makes one month after the other and hangs old ones under the archive, as maintenance does, until the work is done. */
export async function whilePartitionsChange<T>(
  sql: Sql,
  work: () => Promise<T>,
): Promise<{ result: T; partitions: PartitionChanges }> {
  let working = true;
  const done = work().finally(() => {
    working = false;
  });
  const partitions: PartitionChanges = { made: 0, gaveUp: 0 };
  const changing = (async () => {
    for (let ahead = 4; working; ) {
      try {
        const [row] = await sql<{ made: number }[]>`
          select atlas.cover_months(atlas.this_month(), (atlas.this_month() + make_interval(months => ${ahead}))::date) as made,
            atlas.archive_months(atlas.this_month())`;
        partitions.made += row?.made ?? 0;
        ahead++;
      } catch (error) {
        if (!isBusy(error)) throw error;
        partitions.gaveUp++;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  await allEnded<unknown>([done, changing]);
  return { result: await done, partitions };
}

/** A lock that was not to be had in time, or that others would have waited for. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
}
