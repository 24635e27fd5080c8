import { newDeviceId, newId } from '../../contract/ids.ts';
import { allEnded } from './all-ended.ts';
import { callSync, conversationOp, messageOp } from './concurrency-atlas.ts';
import type { Sql, Transaction } from './concurrency-designs.ts';

export interface Patience {
  /** Pushes of a third user while the other one's transaction stayed open. */
  pushes: number;
  medianMs: number;
  mostMs: number;
}

/**
 * A user writes and leaves the transaction open for as long as the work takes; meanwhile somebody else writes all the
 * time. Whoever had to wait for the open transaction would wait for ever.
 */
export async function besideAnIdleTransaction<T>(
  sql: Sql,
  [idler, other]: [string, string],
  work: () => Promise<T>,
): Promise<{ result: T; patience: Patience }> {
  const times: number[] = [];
  const result = await sql.begin(async (tx) => {
    await pushOne(tx, idler, 0);
    let working = true;
    const done = work().finally(() => {
      working = false;
    });
    const others = (async () => {
      while (working) {
        const start = performance.now();
        await sql.begin((own) => pushOne(own, other, 1));
        times.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await allEnded<unknown>([done, others]);
    return done;
  });
  const sorted = times.sort((a, b) => a - b);
  const round = (ms: number | undefined) => Math.round((ms ?? 0) * 10) / 10;
  const patience = {
    pushes: sorted.length,
    medianMs: round(sorted[Math.floor(sorted.length / 2)]),
    mostMs: round(sorted.at(-1)),
  };
  return { result: result as T, patience };
}

/** A conversation, and this many messages in it: who wrote a message holds its table, and keeps partitions from changing. */
async function pushOne(tx: Transaction, user: string, messages: number): Promise<void> {
  const device = newDeviceId(crypto);
  const first = await callSync(tx, user, device, null, null, []);
  if (first === null) return;
  const conversation = newId(Date.now(), crypto);
  const said = Array.from({ length: messages }, () => messageOp(conversation, device));
  await callSync(tx, user, device, first.epoch, first.cursor, [conversationOp(conversation, device), ...said]);
}
