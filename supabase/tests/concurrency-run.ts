import { allEnded } from './all-ended.ts';
import { openAtlas } from './concurrency-atlas.ts';
import { openControls } from './concurrency-designs.ts';
import { besideAnIdleTransaction, type Patience } from './concurrency-idle.ts';
import { connect, type Load, type Outcome, readers, runLoad, writers } from './concurrency-load.ts';
import { type PartitionChanges, whilePartitionsChange } from './concurrency-partitions.ts';
import type { Database } from './database.ts';

export interface Findings {
  atlas: Outcome;
  controls: Outcome[];
  idle: Patience;
  /** The same load again, while partitions are made and archived; nobody leaves a transaction open then. */
  changing: { atlas: Outcome; partitions: PartitionChanges };
}

/** Our design and the two controls under the same load at the same time, beside a transaction that is left open. */
export async function compareDesigns(
  database: Database,
  port: number,
  load: Load,
  seen?: (outcome: Outcome) => void,
): Promise<Findings> {
  const sql = connect(port, 3 * (writers + readers) + 4);
  try {
    const [user, idler, other] = [await database.signUp(), await database.signUp(), await database.signUp()];
    const designs = [await openAtlas(sql, user), ...(await openControls(sql))];
    const { result, patience } = await besideAnIdleTransaction(sql, [idler, other], () =>
      allEnded(designs.map((design) => runLoad(sql, design, load, seen))),
    );
    const [atlas, ...controls] = result;
    if (atlas === undefined) throw new Error('no design was run');

    const design = await openAtlas(sql, await database.signUp());
    const shorter = { seconds: load.seconds / 3, holdMs: load.holdMs / 5 };
    const changed = await whilePartitionsChange(sql, () => runLoad(sql, design, shorter, seen));
    return { atlas, controls, idle: patience, changing: { atlas: changed.result, partitions: changed.partitions } };
  } finally {
    await sql.end();
  }
}

/** What does not hold, as sentences. */
export function broken({ atlas, controls, idle, changing }: Findings): string[] {
  const sentences: string[] = [];
  if (atlas.rows === 0) sentences.push('nothing was written');
  if (atlas.lost > 0) sentences.push(`rows were lost: ${atlas.lost}`);
  if (atlas.twice > 0) sentences.push(`changes came twice: ${atlas.twice}`);
  for (const control of controls) {
    if (control.lost === 0) sentences.push(`the ${control.design} lost nothing: this run shows nothing`);
  }
  if (changing.atlas.lost > 0) sentences.push(`rows were lost while partitions changed: ${changing.atlas.lost}`);
  if (changing.atlas.twice > 0) sentences.push(`changes came twice while partitions changed: ${changing.atlas.twice}`);
  if (changing.partitions.made === 0) sentences.push('no partition could be made while others wrote');
  if (idle.pushes === 0) sentences.push('nobody wrote beside the open transaction');
  return sentences;
}
