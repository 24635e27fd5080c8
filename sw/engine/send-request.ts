import type { Synced } from '../../contract/wire.ts';
import { type Connection, deadline, isPoor, learned, pageSize } from './measured-network.ts';
import type { Sent, Server, Stop, Time, Took } from './ports.ts';
import { newStop } from './stop.ts';
import { figures } from './sync-policy.ts';
import type { Taken } from './take-waiting.ts';

export interface Sending {
  server: Server;
  /** Whose database it is. */
  user: string;
  time: Time;
  connection: Connection | null;
  stop: Stop;
  /** Says that the next so many milliseconds may pass without another word. */
  alive(ms: number): void;
}

/** A request that is under way. */
export interface UnderWay {
  taken: Taken;
  sent: Promise<Sent>;
  /** Gives it up: whatever its answer is, nobody waits for it. */
  drop(): void;
}

/** Sends a request as this user, or not at all. */
export function sendRequest({ server, user, time, stop, alive }: Sending, taken: Taken): UnderWay {
  const dropping = newStop(stop);
  const serverTime = taken.offset === null ? null : time.now() + taken.offset;
  alive(taken.deadlineMs + figures.deadline.around);
  const { deadlineMs } = taken;
  const sent = server.sync(taken.request, user, serverTime, { deadlineMs, stop: dropping });
  return { taken, sent, drop: dropping.stop };
}

/**
 * Asks for the next page before this one is stored. It goes on from where the answer leaves off; should storing that fail,
 * the device does not stand there, and the page is not taken.
 */
export function fetchAhead(
  sending: Sending,
  { request, network }: Taken,
  { answer, at, took }: { answer: Synced; at: number; took: Took | undefined },
): UnderWay {
  const known = learned(network, took, answer.changes.length);
  const limit = pageSize(known, answer.policy, isPoor(known, sending.connection));
  const { reports: _, ...rest } = request;
  const taken: Taken = {
    request: { ...rest, epoch: answer.epoch, cursor: answer.cursor, limit, ops: [] },
    deadlineMs: deadline(known, 0, limit),
    offset: answer.time - at,
    network: known,
    before: new Map(),
    touched: new Set(),
    rest: false,
    interrupted: false,
    failures: 0,
    gathered: undefined,
    reportedTo: null,
  };
  const underWay = sendRequest(sending, taken);
  // Heard by whoever takes it up; if nobody does, it is of no interest.
  underWay.sent.catch(() => undefined);
  return underWay;
}
