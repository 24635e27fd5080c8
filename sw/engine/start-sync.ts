import type { ProblemCode, SyncState } from '../../contract/database.ts';
import { runCycle } from './cycle.ts';
import { isTimeToLook, letColdLeave } from './leave-cold.ts';
import type { Connection } from './measured-network.ts';
import { decideIn } from './persisted-decision.ts';
import type { Random, Server, Store, Tell, Time } from './ports.ts';
import { type Decision, pollDelay } from './schedule.ts';
import { newStop, type Stopper } from './stop.ts';
import { type Alarm, createSyncLoop, type SyncLoop } from './sync-loop.ts';
import { figures, type Trigger } from './sync-policy.ts';
import { noteInterrupted } from './take-waiting.ts';
import { walkOutbox } from './walk-outbox.ts';
import { type After, whileAlive } from './while-alive.ts';

/** What a worker is made of, for the engine: everything that is a browser's comes in here. */
export interface SyncParts {
  /** The account in use; `user` is null while it is nobody's. */
  accounts: { current(): Promise<{ account: { user: { id: string } | null }; store: Store }> };
  server: Server;
  notices: { about(database: string): Tell };
  alarm: Alarm;
  time: Time;
  random: Random;
  /** The longest interval between polls, and whether any run by the clock alone. */
  longestMinutes: number;
  polling: boolean;
  pageVisible(): Promise<boolean>;
  online(): boolean;
  /** Whether the realtime channel stands; without it polling carries everything. */
  live?(): boolean;
  /** What a page's browser says of the connection. */
  connection?(): Connection | null;
  /** Runs one of these at a time, across all versions of this worker. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Without it, a sync that is stuck holds its turn until the worker ends. */
  after?: After;
  /** Ends what a sign-in left to be moved. */
  bringAlong(): Promise<void>;
  /** Asks the browser to wake the worker when it is worth trying. */
  wakeLater(): Promise<void>;
  failed(error: unknown): void;
}

export interface Sync extends SyncLoop {
  /** Does what an earlier worker left behind; of all callers only the first does something, unless that failed. */
  start(): Promise<void>;
  /** After something was written: has the browser wake the worker for it, whatever becomes of this one, and syncs. */
  written(kind: Trigger): Promise<void>;
  /** Another account is in use: a sync of the one before ends where it stands. */
  switched(): void;
  /** How much waits in the account in use; what was refused, and what waits for that, counts only as `all`. */
  waiting(): Promise<{ ready: number; all: number }>;
  /** Why the last sync of the account in use failed, null if it went well. */
  problem(): Promise<ProblemCode | null>;
  /** Whether another try by itself may send what waits. */
  worthTrying(): Promise<boolean>;
}

/** Sync for the account in use, one cycle at a time across all versions of this worker. */
export function startSync(parts: SyncParts): Sync {
  const { accounts, notices, time, random, longestMinutes, polling } = parts;
  const connection = () => parts.connection?.() ?? null;
  const after: After = parts.after ?? (() => () => undefined);
  let running: Stopper | null = null;
  let waiting = true;

  async function decide(kind: Trigger): Promise<Decision | null> {
    const { account, store } = await accounts.current();
    if (account.user === null) return null;
    const pageVisible = await parts.pageVisible();
    const around = { pageVisible, online: parts.online(), live: parts.live?.() ?? false, polling };
    const decision = await decideIn(store, kind, around, time);
    ({ waiting } = decision);
    return decision;
  }

  async function cycle(trigger: Trigger, stop: Stopper, alive: (ms: number) => void): Promise<void> {
    alive(figures.step);
    const { account, store } = await accounts.current();
    if (account.user === null) return;
    const end = await runCycle({
      ...{ store, time, random, trigger, waiting, stop, alive },
      server: parts.server,
      user: account.user.id,
      tell: notices.about(store.database),
      connection: connection(),
      pollAfter: (seconds, poor) => pollDelay(seconds, longestMinutes, poor),
    });
    if (end.is === 'done' && !stop.stopped) await lookForCold(store);
  }

  async function lookForCold(store: Store): Promise<void> {
    try {
      if (!isTimeToLook(await store.read((stored) => stored.state()))) return;
      const left = await letColdLeave(store);
      if (left.length > 0) notices.about(store.database).changed(left);
    } catch (error) {
      // What has not left now does so another day.
      if (!store.isStorageFailure(error)) throw error;
    }
  }

  async function run(trigger: Trigger): Promise<void> {
    const stop = newStop();
    running = stop;
    const stuck = () => {
      stop.stop();
      parts.failed(new Error('a sync was stuck'));
    };
    // Asks for no wake-up when it failed: with a network the browser gives it at once, past every wait between tries.
    await parts.alone(() => whileAlive((alive) => cycle(trigger, stop, alive), after, stuck));
  }

  async function state(): Promise<SyncState> {
    const { store } = await accounts.current();
    return store.read((stored) => stored.state());
  }

  async function worthTrying(): Promise<boolean> {
    return (await decide('poll'))?.worthTrying === true;
  }

  const loop = createSyncLoop({ time, alarm: parts.alarm, decide, run, failed: parts.failed });
  let started: Promise<void> | null = null;
  async function begin(): Promise<void> {
    if ((await state()).sending !== false) await parts.alone(afterKill);
    await parts.bringAlong();
    if (await worthTrying()) await parts.wakeLater();
    await loop.trigger('start');
  }
  async function afterKill(): Promise<void> {
    const { store } = await accounts.current();
    if (await store.change('relaxed', noteInterrupted)) notices.about(store.database).changed([], true);
  }
  return {
    ...loop,
    async waiting() {
      const { store } = await accounts.current();
      return store.read(async (stored) => {
        const { ready, count } = await walkOutbox(stored, Number.POSITIVE_INFINITY, new Set());
        return { ready: ready.length, all: count };
      });
    },
    problem: async () => (await state()).problem?.code ?? null,
    worthTrying,
    switched: () => running?.stop(),
    start() {
      started ??= begin().catch((error: unknown) => {
        started = null;
        throw error;
      });
      return started;
    },
    written: (kind) =>
      loop.trigger(kind, async (decision) => {
        if (decision.worthTrying) await parts.wakeLater();
      }),
  };
}
