import type { Gathering, ProblemCode } from '../../contract/database.ts';
import type { BatchSize } from './batch-size.ts';
import type { Connection } from './measured-network.ts';
import type { Random, Server, Stop, Store, Tell, Time } from './ports.ts';
import type { Tally } from './sync-log.ts';
import type { Trigger } from './sync-policy.ts';

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
  pollAfter(policySeconds: number, poor: boolean): number;
  /** Why it runs. */
  trigger?: Trigger;
  /** False if nothing was waiting a moment ago: then it looks before it takes. */
  waiting?: boolean;
  /** What the browser says of the connection. */
  connection?: Connection | null;
  /** Ends it wherever it stands: nothing more is sent or stored. */
  stop?: Stop;
  /** Told that the next so many milliseconds may pass without another word. */
  alive?(ms: number): void;
}

export type CycleEnd = { is: 'done' } | { is: 'failed'; problem: ProblemCode } | { is: 'stopped' };

/** A cycle that is under way. */
export interface Cycle {
  parts: Required<CycleParts>;
  tally: Tally;
  size: BatchSize;
  /** What the server answered for in this cycle is not sent again in it. */
  answered: Set<string>;
  /** Whether nothing was taken yet. */
  first: boolean;
  /** What had gathered when it began: served by it, whatever becomes of it. */
  gathered: Record<string, Gathering>;
  /** Whether there seems to be something to send. */
  rest: boolean;
}
