import type { SyncState } from '../../contract/database.ts';
import { parseRow, type Row } from '../../contract/entities.ts';
import type { History, HistoryRequest } from '../../contract/wire.ts';
import { applyRows } from './apply-rows.ts';
import { awayUpTo } from './away.ts';
import { type Failure, problemOf } from './failures.ts';
import type { HistoryServer, Patience, Store, Stored, Tell, Time } from './ports.ts';

/** What bringing messages back works with: one account's database, and the server for that account. */
export interface ReadOlderParts {
  store: Store;
  server: HistoryServer;
  user: string;
  time: Time;
  tell: Tell;
  patience: Patience;
}

export type OlderRead = { is: 'done' } | { is: 'failed'; problem: Failure['problem'] };

/** Messages brought back at once. */
const pageSize = 200;

/**
 * Brings back the newest of the messages that have left the device. In the turn of the cycles: were the cursor to move beyond
 * what was read meanwhile, an edit could have passed by unseen, so such an answer is not stored but asked for once more.
 */
export async function readOlder(parts: ReadOlderParts, conversation: string): Promise<OlderRead> {
  for (let tries = 0; tries < 2; tries++) {
    const asking = await parts.store.read((stored) => ask(stored, conversation));
    if (asking === null) return { is: 'done' };
    const { request, state } = asking;
    const serverTime = state.offset === null ? null : parts.time.now() + state.offset;
    const sent = await parts.server.history(request, parts.user, serverTime, parts.patience);
    if (sent.is !== 'answered') return { is: 'failed', problem: problemOf(sent) };
    const { answer } = sent;
    const outcome = await parts.store.change('relaxed', (stored) =>
      takeBack(stored, request, state, answer, parts.time.now()),
    );
    if (outcome === 'stored') {
      parts.tell.changed([conversation]);
      return { is: 'done' };
    }
    if (outcome === 'no sense') return { is: 'failed', problem: 'invalid-answer' };
  }
  return { is: 'failed', problem: 'server' };
}

interface Asking {
  request: HistoryRequest;
  state: SyncState;
}

async function ask(stored: Stored, conversation: string): Promise<Asking | null> {
  const away = await awayNow(stored, conversation);
  if (away === 0) return null;
  return { request: { conversation, before: away + 1, limit: pageSize }, state: await stored.state() };
}

async function awayNow(stored: Stored, conversation: string): Promise<number> {
  const home = await stored.entity('conversation', conversation);
  return home === undefined ? 0 : awayUpTo(stored, home);
}

async function takeBack(
  stored: Stored,
  { conversation, before }: HistoryRequest,
  asked: SyncState,
  answer: History,
  now: number,
): Promise<'stored' | 'moved on' | 'no sense'> {
  const state = await stored.state();
  const home = await stored.entity('conversation', conversation);
  if (home === undefined || before === null) return 'stored';
  const isOld = state.cursor !== null && state.cursor.seq > answer.seq;
  if (
    state.epoch !== asked.epoch ||
    answer.epoch !== state.epoch ||
    isOld ||
    (await awayUpTo(stored, home)) + 1 !== before
  )
    return 'moved on';

  const rows = answer.rows.map(parseRow);
  const messages = rows.filter((row): row is Row<'message'> => row?.kind === 'message' && row.pos < before);
  const lowest = messages.reduce((least, { pos }) => Math.min(least, pos), before);
  if (answer.more && lowest === before) return 'no sense';
  for (const [i, row] of rows.entries()) {
    if (row === null)
      stored.putQuarantined({
        id: `history-${conversation}-${before}-${i}`,
        row: answer.rows[i],
        at: now,
        epoch: answer.epoch,
      });
  }
  const { floor: _, leavable: __, ...whole } = home;
  const opened = { ...whole, opened: answer.time };
  stored.putEntity(answer.more ? { ...opened, floor: lowest - 1 } : opened);
  await applyRows(
    stored,
    messages.filter((row) => row.conversation === conversation),
    now,
  );
  return 'stored';
}
