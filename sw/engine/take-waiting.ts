import type { DeliveryState, MeasuredNetwork, OutboxEntry, SyncState } from '../../contract/database.ts';
import { limits } from '../../contract/limits.ts';
import { protocolVersion, type SyncRequest } from '../../contract/wire.ts';
import { breakerStands } from './breaker.ts';
import { buildOps } from './build-request.ts';
import { startedAfresh } from './failures.ts';
import { fixClocks, localFields } from './fix-clocks.ts';
import { type Connection, deadline, isPoor, pageSize } from './measured-network.ts';
import type { AnyRecord, Stored } from './ports.ts';
import { reportsFor } from './sync-log.ts';
import { figures } from './sync-policy.ts';
import { hasReady, type Walked, walkOutbox, walkTo } from './walk-outbox.ts';

/** A request, and what is to be known of it when its answer comes. */
export interface Taken {
  request: SyncRequest;
  deadlineMs: number;
  /** Server time minus device time, as known when it was made. */
  offset: number | null;
  network: MeasuredNetwork | undefined;
  /** The states its entries were in before it. */
  before: Map<string, DeliveryState>;
  /** The conversations whose messages look different now. */
  touched: Set<string>;
  /** More was ready than it carries. */
  rest: boolean;
  /** Entries were found that a worker was sending when it died. */
  interrupted: boolean;
  /** Failures in a row before it. */
  failures: number;
  /** What had gathered by then. */
  gathered: SyncState['gathered'];
  /** The number of the last cycle that it reports. */
  reportedTo: number | null;
}

export interface Taking {
  now: number;
  /** Ops at most. */
  most: number;
  /** What this cycle had answers for already. */
  answered: ReadonlySet<string>;
  /** Whether this is a cycle's first request. */
  first: boolean;
  /** Whether earlier failures hold nothing back. */
  afresh: boolean;
  connection: Connection | null;
}

/** The request of a device that has nothing to send; null if it has, or if there is anything to note before. Writes nothing. */
export async function takeNothing(stored: Stored, taking: Taking): Promise<Taken | null> {
  const state = await stored.state();
  const afresh = taking.afresh && startedAfresh(state) !== state;
  if (state.sending !== false || afresh) return null;
  const sends = taking.most > 0 && state.offset !== null;
  return sends && (await hasReady(stored, taking.answered)) ? null : bareRequest(state, taking);
}

function bareRequest(state: SyncState, { now, connection }: Taking): Taken {
  const { offset, network, policy } = state;
  const wanted = isSuspect(state, now) ? figures.pages.least : pageSize(network, policy, isPoor(network, connection));
  const limit = Math.min(wanted, policy?.maxPull ?? wanted);
  const { device, epoch, cursor } = state;
  return {
    request: { v: protocolVersion, device, epoch, cursor, limit, ops: [] },
    deadlineMs: deadline(network, 0, limit),
    offset,
    network,
    before: new Map(),
    touched: new Set(),
    rest: false,
    interrupted: false,
    failures: state.problem?.failures ?? 0,
    gathered: state.gathered,
    reportedTo: null,
  };
}

/** A server that did not answer several times is asked for little first. */
function isSuspect({ breaker }: SyncState, now: number): boolean {
  return breakerStands(breaker, now) !== 'closed';
}

/**
 * Takes what is ready, fixes clocks, and notes what is being sent, in the open transaction: the same clocks go out however
 * often the request is repeated. Reads no more than it takes, whatever waits behind it.
 */
export async function takeWaiting(stored: Stored, taking: Taking): Promise<Taken> {
  const interrupted = await noteInterrupted(stored);
  const known = await stored.state();
  const { now, answered, first, afresh } = taking;
  let state = first && afresh ? startedAfresh(known) : known;
  const taken: Taken = { ...bareRequest(state, taking), interrupted };
  const { policy } = state;
  const ops = Math.min(taking.most, policy?.maxOps ?? limits.opsPerRequest, limits.opsPerRequest);
  // Until the server's time is known no clock can be fixed, so the first request carries nothing.
  if (ops > 0 && state.offset !== null) {
    state = await takeOps(
      stored,
      taken,
      state,
      isSuspect(state, now) ? Math.min(ops, figures.breaker.ops) : ops,
      answered,
    );
  }
  if (state !== known) stored.putState(state);
  return taken;
}

async function takeOps(
  stored: Stored,
  taken: Taken,
  state: SyncState,
  most: number,
  answered: ReadonlySet<string>,
): Promise<SyncState> {
  const walked = await walkOutbox(stored, most + 1, answered);
  if (walked.ready.length === 0) return state;
  const fixed = await fixAll(stored, walked, state);
  const { ops, units } = buildOps(walked.ready, walked.records, most);
  const entries = new Map(walked.ready.map((entry) => [entry.id, entry]));
  for (const { id } of ops) send(stored, taken, entries.get(id), walked.records.get(id));

  taken.request.ops = ops;
  // What they become counts too, although the results carry it already: each of them, and the conversations of messages.
  taken.request.limit = Math.min(
    taken.request.limit + ops.length + taken.touched.size,
    state.policy?.maxPull ?? Number.POSITIVE_INFINITY,
  );
  taken.rest = walked.ready.length > ops.length;
  taken.deadlineMs = deadline(taken.network, units, taken.request.limit);
  if (ops.length === 0) return fixed;
  const reports = await reportsFor(stored, state);
  if (reports !== null) {
    taken.request.reports = reports.reports;
    taken.reportedTo = reports.upTo;
  }
  return { ...fixed, sending: true };
}

/**
 * Clocks follow the order of writing, so whatever was written before the last of what is to be sent gets its clock now, sent
 * or not. Only an entity that was changed again after others has one of those behind it.
 */
async function fixAll(stored: Stored, walked: Walked, state: SyncState): Promise<SyncState> {
  let unfixed = withoutClock(walked);
  while (!walked.atEnd && walked.last < latest(unfixed)) {
    await walkTo(stored, walked, latest(unfixed));
    unfixed = withoutClock(walked);
  }
  if (unfixed.length === 0) return state;
  const fixed = { ...state, ...fixClocks(unfixed, state) };
  for (const record of unfixed) stored.putEntity(record);
  return fixed;
}

function withoutClock({ records }: Walked): AnyRecord[] {
  return [...records.values()].filter((record) => localFields(record).some(([, { clock }]) => clock === null));
}

/** The order of what was written last of all that has no clock. */
function latest(unfixed: readonly AnyRecord[]): number {
  const orders = unfixed.flatMap(localFields).map(([, { clock, written }]) => (clock === null ? written.order : 0));
  return orders.reduce((last, order) => Math.max(last, order), 0);
}

function send(stored: Stored, taken: Taken, entry: OutboxEntry | undefined, record: AnyRecord | undefined): void {
  if (entry === undefined) return;
  taken.before.set(entry.id, entry.state);
  stored.putOutbox({ ...entry, state: 'sending', attempts: entry.attempts + 1 });
  taken.touched.add(record?.kind === 'message' ? record.conversation : entry.id);
}

/** Puts entries that were being sent back to where they were, or to `unconfirmed` where the server may have them. */
export async function putBack(
  stored: Stored,
  before: ReadonlyMap<string, DeliveryState>,
  lost: boolean,
): Promise<void> {
  if (before.size === 0) return;
  for (const entry of (await stored.outboxEntries(before.keys())).values()) {
    if (entry.state !== 'sending') continue;
    stored.putOutbox({ ...entry, state: lost ? 'unconfirmed' : (before.get(entry.id) ?? 'waiting') });
  }
  stored.putState({ ...(await stored.state()), sending: false });
}

/** What was being sent when a worker died: nobody knows whether the server has it. */
export async function noteInterrupted(stored: Stored): Promise<boolean> {
  const state = await stored.state();
  if (state.sending === false) return false;
  const interrupted = (await stored.outbox()).filter((entry) => entry.state === 'sending');
  for (const entry of interrupted) stored.putOutbox({ ...entry, state: 'unconfirmed' });
  stored.putState({ ...state, sending: false });
  return interrupted.length > 0;
}
