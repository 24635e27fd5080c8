import type { ProblemCode } from '../contract/database.ts';
import { readyEntries } from './engine/build-request.ts';
import { runCycle } from './engine/cycle.ts';
import { isLasting } from './engine/failures.ts';
import type { Random, Server } from './engine/ports.ts';
import { pollDelay, type Situation, type Trigger } from './engine/schedule.ts';
import { type Alarm, createSyncLoop, type SyncLoop } from './engine/sync-loop.ts';
import { noteInterrupted, readRecords } from './engine/take-waiting.ts';
import type { Notices } from './notices.ts';
import type { OpenAccounts } from './open-accounts.ts';

export interface SyncParts {
  accounts: OpenAccounts;
  server: Server;
  notices: Notices;
  alarm: Alarm;
  pageVisible(): Promise<boolean>;
  online(): boolean;
  /** Runs one of these at a time, across all versions of this worker. */
  alone(work: () => Promise<void>): Promise<void>;
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
  /** How much waits in the account in use; what was refused, and what waits for that, counts only as `all`. */
  waiting(): Promise<{ ready: number; all: number }>;
  /** Why the last sync of the account in use failed, null if it went well. */
  problem(): Promise<ProblemCode | null>;
  /** Whether another try by itself may send what waits. */
  worthTrying(): Promise<boolean>;
}

const time = { now: () => Date.now() };

export const random: Random = {
  fraction: () => Math.random(),
  getRandomValues: (bytes) => crypto.getRandomValues(bytes),
};

const longestMinutes = Number(import.meta.env.VITE_ATLAS_AUTO_SYNC_MINUTES) || 5;
const polling = import.meta.env.VITE_ATLAS_AUTO_SYNC !== 'false';

/** Sync for the account in use, one cycle at a time across all versions of this worker. */
export function startSync(parts: SyncParts): Sync {
  async function waiting(): Promise<{ ready: number; all: number }> {
    const { store } = await parts.accounts.current();
    return store.read(async (stored) => {
      const entries = await stored.outbox();
      // Nothing but a refused conversation holds others back: without one there is no need to read them all.
      const holding = entries.some(({ kind, state }) => kind === 'conversation' && state === 'refused');
      const records = holding ? await readRecords(stored, entries) : new Map();
      return { ready: readyEntries({ entries, records }, new Set()).length, all: entries.length };
    });
  }

  async function situation(): Promise<Omit<Situation, 'now'> | null> {
    const { account, store } = await parts.accounts.current();
    if (account.user === null) return null;
    const { nextDue, problem, lastSynced } = await store.read((stored) => stored.state());
    return {
      nextDue,
      problem,
      lastSynced,
      waiting: (await waiting()).ready > 0,
      pageVisible: await parts.pageVisible(),
      online: parts.online(),
      polling,
    };
  }

  async function cycle(): Promise<void> {
    const { account, store } = await parts.accounts.current();
    if (account.user === null) return;
    await runCycle({
      store,
      server: parts.server,
      user: account.user.id,
      time,
      random,
      tell: parts.notices.about(store.database),
      pollAfter: (seconds) => pollDelay(seconds, longestMinutes),
    });
  }

  async function run(): Promise<void> {
    // Asks for no wake-up when it failed: with a network the browser gives it at once, past every wait between tries.
    await parts.alone(cycle);
  }

  async function worthTrying(): Promise<boolean> {
    const at = await situation();
    return at?.waiting === true && !isLasting(at.problem);
  }

  const loop = createSyncLoop({ time, alarm: parts.alarm, situation, run, failed: parts.failed });
  let started: Promise<void> | null = null;
  async function begin(): Promise<void> {
    await parts.alone(async () => {
      const { store } = await parts.accounts.current();
      if (await store.change('relaxed', noteInterrupted)) parts.notices.about(store.database).changed([], true);
    });
    await parts.bringAlong();
    if (await worthTrying()) await parts.wakeLater();
    await loop.trigger('start');
  }
  return {
    ...loop,
    waiting,
    async problem() {
      const { store } = await parts.accounts.current();
      return (await store.read((stored) => stored.state())).problem?.code ?? null;
    },
    worthTrying,
    start() {
      started ??= begin().catch((error: unknown) => {
        started = null;
        throw error;
      });
      return started;
    },
    async written(kind) {
      const woken = worthTrying().then((worth) => (worth ? parts.wakeLater() : undefined));
      await Promise.all([loop.trigger(kind), woken]);
    },
  };
}
