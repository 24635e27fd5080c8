import type { ProblemCode } from '../../contract/database.ts';
import type { Answer, Synced } from '../../contract/wire.ts';
import { applyAnswer } from './apply-answer.ts';
import { afterAccepted, afterRefused, type BatchSize, opsAllowed, wholeBatch } from './batch-size.ts';
import { adapt } from './detours.ts';
import { problemOf, withProblem } from './failures.ts';
import type { Random, Sent, Server, Store, Tell, Time } from './ports.ts';
import { readAnswer } from './read-answer.ts';
import { refuse } from './refuse.ts';
import { noteInterrupted, putBack, type Taken, takeWaiting } from './take-waiting.ts';

/** What a cycle works with: one account's database, and the server for that account. */
export interface CycleParts {
  store: Store;
  server: Server;
  /** Whose database it is. */
  user: string;
  time: Time;
  random: Random;
  tell: Tell;
  /** Milliseconds to the next poll, from the seconds of the server's policy. */
  pollAfter(policySeconds: number): number;
}

export type CycleEnd = { is: 'done' } | { is: 'failed'; problem: ProblemCode };

/** What one request led to; `ask`: there is something to ask for even with nothing to send. */
type Step =
  | { is: 'went-well'; answered: boolean; ask: boolean; size: BatchSize }
  | { is: 'detour' }
  | { is: 'failed'; problem: ProblemCode; retryAfter: number | null };

/** Answers without progress (another epoch, clocks ahead) that one cycle puts up with. */
const detoursMost = 3;

/**
 * Pushes and pulls until nothing is left of either, then persists when to look again. Must not run twice at a time.
 *
 *   take -> send -> answered: apply in one transaction -> take ...  until nothing is taken and nothing more is there
 *                -> another epoch, clocks ahead: adapt -> take ...  a few times at most
 *                -> too large, wrong: smaller batch -> take ...     down to one op, which is set aside
 *                -> anything else: put back; problem and due time persisted
 */
export async function runCycle(parts: CycleParts): Promise<CycleEnd> {
  parts.tell.syncing(true);
  try {
    if (await parts.store.change('relaxed', noteInterrupted)) parts.tell.changed([], true);
    return await requests(parts);
  } catch (error) {
    if (!parts.store.isStorageFailure(error)) throw error;
    return await failOfStorage(parts);
  } finally {
    parts.tell.syncing(false);
  }
}

async function requests(parts: CycleParts): Promise<CycleEnd> {
  const { store, tell } = parts;
  const answered = new Set<string>();
  let size = wholeBatch;
  let detours = 0;
  let ask = true;
  for (;;) {
    const taken = await store.change('strict', (stored) => takeWaiting(stored, opsAllowed(size), answered));
    if (!ask && taken.request.ops.length === 0) return finish(parts);
    if (taken.touched.size > 0) tell.changed(taken.touched);

    const step = await oneRequest(parts, taken, size);
    if (step.is === 'failed') return fail(parts, step.problem, step.retryAfter);
    if (step.is === 'detour') {
      if (++detours > detoursMost) return fail(parts, 'server', null);
      ask = true;
      continue;
    }
    if (step.answered) for (const op of taken.request.ops) answered.add(op.id);
    ({ ask, size } = step);
  }
}

type NotApplied = Exclude<Sent, { is: 'answered' }> | { is: 'answered'; answer: Exclude<Answer, Synced>; at: number };

async function oneRequest(parts: CycleParts, taken: Taken, size: BatchSize): Promise<Step> {
  const { offset } = await parts.store.read((stored) => stored.state());
  const serverTime = offset === null ? null : parts.time.now() + offset;
  const sent = await parts.server.sync(taken.request, parts.user, serverTime);
  if (sent.is === 'answered' && sent.answer.is === 'synced') return apply(parts, taken, sent.answer, sent.at, size);
  return notApplied(parts, taken, sent as NotApplied, size);
}

async function apply(parts: CycleParts, taken: Taken, answer: Synced, at: number, size: BatchSize): Promise<Step> {
  const { request } = taken;
  const incoming = readAnswer(request.ops, answer);
  const stuck = answer.more && request.ops.length === 0 && samePlace(request.cursor, answer.cursor);
  if (incoming === null || stuck) {
    await leave(parts, taken, true);
    return { is: 'failed', problem: 'invalid-answer', retryAfter: null };
  }
  const applied = await parts.store.change('relaxed', (stored) => applyAnswer(stored, request, answer, incoming, at));
  if (applied.is === 'stale') {
    await leave(parts, taken, true);
    return { is: 'detour' };
  }
  if (applied.touched.size > 0 || taken.touched.size > 0) parts.tell.changed([...applied.touched, ...taken.touched]);
  const next = afterAccepted(size, request.ops.length);
  return {
    is: 'went-well',
    answered: true,
    ask: answer.more || (size.suspect === null && next.suspect !== null),
    size: next,
  };
}

async function notApplied(parts: CycleParts, taken: Taken, sent: NotApplied, size: BatchSize): Promise<Step> {
  await leave(parts, taken, (sent.is === 'no-answer' && sent.lost) || sent.is === 'unreadable');
  if (sent.is === 'answered') {
    const { answer, at } = sent;
    await parts.store.change('relaxed', (stored) => adapt(stored, taken.request, answer, at));
    parts.tell.changed([], true);
    return { is: 'detour' };
  }
  const problem = problemOf(sent);
  const retryAfter = sent.is === 'refused' ? sent.retryAfter : null;
  if (problem !== 'refused') return { is: 'failed', problem, retryAfter };

  const ids = taken.request.ops.map((op) => op.id);
  const next = afterRefused(size, ids);
  if (next.hopeless) return { is: 'failed', problem, retryAfter };
  const { setAside } = next;
  if (setAside !== null) {
    const code = sent.is === 'refused' ? sent.code : 'bad-request';
    await parts.store.change('relaxed', (stored) => refuse(stored, setAside, code));
    parts.tell.changed(taken.touched);
  }
  return { is: 'went-well', answered: false, ask: next.size.suspect !== null, size: next.size };
}

async function leave({ store, tell }: CycleParts, { before, touched }: Taken, lost: boolean): Promise<void> {
  if (before.size === 0) return;
  await store.change('relaxed', (stored) => putBack(stored, before, lost));
  tell.changed(touched);
}

async function finish({ store, time, pollAfter }: CycleParts): Promise<CycleEnd> {
  await store.change('relaxed', async (stored) => {
    const state = await stored.state();
    stored.putState({ ...state, nextDue: time.now() + pollAfter(state.policy?.interval ?? 60) });
  });
  return { is: 'done' };
}

async function fail(parts: CycleParts, problem: ProblemCode, retryAfter: number | null): Promise<CycleEnd> {
  await parts.store.change('relaxed', async (stored) => {
    stored.putState(withProblem(await stored.state(), problem, parts.time.now(), retryAfter, parts.random));
  });
  return { is: 'failed', problem };
}

async function failOfStorage(parts: CycleParts): Promise<CycleEnd> {
  try {
    return await fail(parts, 'storage', null);
  } catch (error) {
    if (!parts.store.isStorageFailure(error)) throw error;
    // Not even that can be noted; the next event finds everything as it was.
    return { is: 'failed', problem: 'storage' };
  }
}

function samePlace(a: { seq: number; floor: number | null } | null, b: { seq: number; floor: number | null }): boolean {
  return a !== null && a.seq === b.seq && a.floor === b.floor;
}
