import type { ProblemCode } from '../../contract/database.ts';
import type { Answer, Cursor, Synced } from '../../contract/wire.ts';
import { applyAnswer } from './apply-answer.ts';
import { afterAccepted, afterRefused } from './batch-size.ts';
import type { Cycle, CycleEnd } from './cycle-parts.ts';
import { adapt } from './detours.ts';
import { ended, fail } from './end-cycle.ts';
import { type Failure, problemOf } from './failures.ts';
import { learned } from './measured-network.ts';
import type { Sent, Stored, Took } from './ports.ts';
import { readAnswer } from './read-answer.ts';
import { refuse } from './refuse.ts';
import { fetchAhead, type UnderWay } from './send-request.ts';
import { putBack, type Taken } from './take-waiting.ts';
import { hasReady } from './walk-outbox.ts';

/**
 * What one request led to. `ask`: there is something to ask for even with nothing to send; `next`: it is being asked for
 * already. A detour made no progress, and is `problem` if it goes on like that.
 */
export type Step =
  | { is: 'goes-on'; ask: boolean; next: UnderWay | null }
  | { is: 'detour'; problem: ProblemCode }
  | { is: 'over'; end: CycleEnd };

/** A good answer, and when it came. */
interface Received {
  answer: Synced;
  at: number;
  took: Took | undefined;
}

/** Does what follows from what became of a request, in one transaction. */
export function settle(cycle: Cycle, taken: Taken, sent: Sent): Promise<Step> {
  if (sent.is === 'refused') return refused(cycle, taken, sent);
  if (sent.is !== 'answered') return unanswered(cycle, taken, sent);
  const { answer, at, took } = sent;
  if (answer.is === 'synced') return synced(cycle, taken, { answer, at, took });
  return detour(cycle, taken, answer, at);
}

async function synced(cycle: Cycle, taken: Taken, received: Received): Promise<Step> {
  const { answer } = received;
  const { cursor, ops } = taken.request;
  const stuck = answer.more && ops.length === 0 && samePlace(cursor, answer.cursor);
  const whole = cycle.size.most === Number.POSITIVE_INFINITY;
  // While it is stored, the next page is on its way, unless there is something to send with the next request.
  const goesAhead = answer.more && !stuck && !taken.rest && whole;
  const next = goesAhead ? fetchAhead(cycle.parts, taken, received) : null;
  try {
    const step = stuck ? await invalid(cycle, taken) : await store(cycle, taken, received, next);
    if (step.is !== 'goes-on') next?.drop();
    return step;
  } catch (error) {
    next?.drop();
    throw error;
  }
}

async function store(cycle: Cycle, taken: Taken, received: Received, next: UnderWay | null): Promise<Step> {
  const { parts, size } = cycle;
  const { request } = taken;
  const { answer, at } = received;
  const incoming = readAnswer(request.ops, answer);
  if (incoming === null) return invalid(cycle, taken);
  const answered = new Set([...cycle.answered, ...request.ops.map(({ id }) => id)]);
  const nextSize = afterAccepted(size, request.ops.length);
  const ask = answer.more || (size.suspect === null && nextSize.suspect !== null);
  const stored = await parts.store.change('relaxed', async (open) => {
    const applied = await applyAnswer(open, request, answer, incoming, at);
    if (applied.is === 'stale') {
      await putBack(open, taken.before, true);
      return null;
    }
    const rest = await hasReady(open, answered);
    const over = !rest && !ask;
    await noteSuccess(cycle, open, taken, received, over);
    return { touched: applied.touched, rest, over };
  });
  if (stored === null) {
    parts.tell.changed(taken.touched);
    return { is: 'detour', problem: 'server' };
  }
  cycle.size = nextSize;
  cycle.answered = answered;
  cycle.rest = stored.rest;
  const touched = [...stored.touched, ...taken.touched];
  if (touched.length > 0) parts.tell.changed(touched);
  if (stored.over) return { is: 'over', end: { is: 'done' } };
  if (next !== null) next.taken.rest = stored.rest;
  return { is: 'goes-on', ask, next };
}

/** What a good answer teaches, in the transaction that stores it; if nothing is left to do, also when to look again. */
async function noteSuccess(
  cycle: Cycle,
  stored: Stored,
  { reportedTo }: Taken,
  { answer, took }: Received,
  over: boolean,
): Promise<void> {
  const rows = answer.changes.length + answer.results.length;
  cycle.tally.rows += rows;
  const { breaker: _, ...state } = await stored.state();
  const reported = reportedTo === null ? {} : { reported: reportedTo };
  const noted = { ...state, ...reported, network: learned(state.network, took, rows), sending: false };
  stored.putState(over ? ended(cycle, stored, noted) : noted);
}

async function detour(
  { parts }: Cycle,
  taken: Taken,
  answer: Exclude<Answer, Synced>,
  receivedAt: number,
): Promise<Step> {
  await parts.store.change('relaxed', async (stored) => {
    await putBack(stored, taken.before, false);
    await adapt(stored, taken.request, answer, receivedAt);
  });
  parts.tell.changed([], true);
  return { is: 'detour', problem: answer.is === 'reset' ? 'restored' : 'server' };
}

async function refused(cycle: Cycle, taken: Taken, sent: Extract<Sent, { is: 'refused' }>): Promise<Step> {
  const { parts, size } = cycle;
  const failure = { problem: problemOf(sent), retryAfter: sent.retryAfter };
  if (failure.problem !== 'refused') return failed(cycle, taken, false, failure);
  const next = afterRefused(
    size,
    taken.request.ops.map((op) => op.id),
  );
  if (next.hopeless) return failed(cycle, taken, false, failure);
  const { setAside } = next;
  await parts.store.change('relaxed', async (stored) => {
    await putBack(stored, taken.before, false);
    if (setAside !== null) await refuse(stored, setAside, sent.code);
  });
  parts.tell.changed(taken.touched);
  cycle.size = next.size;
  return { is: 'goes-on', ask: next.size.suspect !== null, next: null };
}

function unanswered(
  cycle: Cycle,
  taken: Taken,
  sent: Extract<Sent, { is: 'no-answer' | 'unreadable' | 'signed-out' }>,
): Promise<Step> {
  const lost = sent.is === 'unreadable' || (sent.is === 'no-answer' && sent.lost);
  const late = sent.is === 'no-answer' && sent.late === true;
  return failed(cycle, taken, lost, { problem: problemOf(sent), retryAfter: null, ...(late ? { late } : {}) });
}

function invalid(cycle: Cycle, taken: Taken): Promise<Step> {
  return failed(cycle, taken, true, { problem: 'invalid-answer', retryAfter: null });
}

async function failed(cycle: Cycle, { before, touched }: Taken, lost: boolean, failure: Failure): Promise<Step> {
  const end = await fail(cycle, failure, (stored) => putBack(stored, before, lost));
  if (before.size > 0) cycle.parts.tell.changed(touched);
  return { is: 'over', end };
}

function samePlace(a: Cursor | null, b: Cursor): boolean {
  return a !== null && a.seq === b.seq && a.floor === b.floor;
}
