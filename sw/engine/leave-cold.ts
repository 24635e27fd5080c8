import { type ConversationRecord, type SyncState, unsentFrom } from '../../contract/database.ts';
import { awayUpTo } from './away.ts';
import type { Store, Stored } from './ports.ts';

const dayMs = 86_400_000;
/** Messages of conversations untouched for so long leave the device by themselves. */
export const coldMs = 182 * dayMs;
/** Nothing younger than that leaves it: a server restored from a backup no older than this still has what left. */
export const coldLeastMs = 35 * dayMs;
/** Between two looks for what has become cold. */
const lookMs = dayMs;
/** Conversations in one transaction, and transactions in one go. */
const conversationsAtOnce = 20;
const stepsMost = 25;

/** Whether it is time to look. During the first sync it is not: what is cold does not come in at all then. */
export function isTimeToLook({ cursor, serverTime, cold }: SyncState): boolean {
  return cursor !== null && cursor.floor === null && serverTime !== null && serverTime >= (cold?.due ?? 0);
}

/**
 * Lets messages go of conversations that nobody has touched for months, and notes of those untouched for weeks that theirs
 * may; opening one brings them back. Only after an answer, in the same turn: the epoch is the server's, and the time is its
 * own, however wrong the device's may be.
 */
export async function letColdLeave(store: Store): Promise<string[]> {
  const left: string[] = [];
  for (let step = 0; step < stepsMost; step++) {
    const more = await store.change('relaxed', async (stored) => {
      const state = await stored.state();
      if (state.serverTime === null || !isTimeToLook(state)) return false;
      const { serverTime } = state;
      const after = await lookAfter(stored, state.cold?.after ?? 0, serverTime - coldLeastMs, async (record, at) => {
        await mayLeave(stored, record);
        const touched = Math.max(at, record.opened ?? 0);
        if (touched < serverTime - coldMs && (await leaves(stored, record.id))) left.push(record.id);
      });
      const cold = after === null ? { after: 0, due: serverTime + lookMs } : { after, due: 0 };
      stored.putState({ ...(await stored.state()), cold });
      return after !== null;
    });
    if (!more) break;
  }
  return left;
}

/** Frees room: lets the messages go of some of the longest untouched conversations. False if none may go. */
export async function letOldestLeave(store: Store): Promise<boolean> {
  let from = 0;
  for (;;) {
    let left = false;
    const after = await store.change('relaxed', async (stored) => {
      const { serverTime, problem } = await stored.state();
      // Of a deleted account nothing would ever come back.
      if (serverTime === null || problem?.code === 'account-gone') return null;
      return lookAfter(stored, from, serverTime - coldLeastMs, async (record) => {
        if (await leaves(stored, record.id)) left = true;
      });
    });
    if (left || after === null) return left;
    from = after;
  }
}

/** Goes through some conversations, the longest untouched first; where to go on, null at the end. */
async function lookAfter(
  stored: Stored,
  rank: number,
  touchedBefore: number,
  look: (record: ConversationRecord, at: number) => Promise<void>,
): Promise<number | null> {
  const records = await stored.conversationsAfter(rank, conversationsAtOnce);
  for (const record of records) {
    // In order of their last message: all that follow were touched later.
    if (record.base === null || record.base.at >= touchedBefore || (record.rank ?? 0) >= unsentFrom) return null;
    await look(record, record.base.at);
  }
  return records.length < conversationsAtOnce ? null : (records.at(-1)?.rank ?? null);
}

async function mayLeave(stored: Stored, record: ConversationRecord): Promise<void> {
  const activity = record.base?.activity ?? 0;
  if ((record.leavable ?? 0) >= activity) return;
  if (!(await stored.holdsUpTo(record.id, activity))) return;
  // What has left already is told by `leavable`, which now gets another meaning.
  const away = await awayUpTo(stored, record);
  const newest = await stored.newestSent(record.id);
  stored.putEntity({ ...record, ...(away > 0 && { floor: away }), ...(newest && { newest }), leavable: activity });
}

async function leaves(stored: Stored, id: string): Promise<boolean> {
  const record = await stored.entity('conversation', id);
  return stored.letAllGo(id, record?.leavable ?? 0);
}
