import type { ProblemCode } from '../contract/database.ts';
import type { CommandError } from '../contract/page-messages.ts';
import type { HistoryServer } from './engine/ports.ts';
import { type OlderRead, readOlder } from './engine/read-older.ts';
import { newStop, type Stopper } from './engine/stop.ts';
import type { Notices } from './notices.ts';
import type { OpenAccounts } from './open-accounts.ts';

export interface OlderParts {
  accounts: OpenAccounts;
  notices: Notices;
  server: HistoryServer;
  /** Runs one of these, or of the syncs, at a time. */
  alone(work: () => Promise<void>): Promise<void>;
}

export interface OlderMessages {
  /** Brings back, for a page, messages of a conversation that have left this device; the error if none came. */
  bring(conversation: string): Promise<CommandError | null>;
  /** A sync waits for its turn: it has it now, and what was asked for is asked for again after it. */
  makeWay(): void;
  /** Another account is in use. */
  switched(): void;
}

/** How long a page of history may take, its answer included. */
const deadlineMs = 20_000;
/** However often there is something to sync, at some time there is an answer. */
const makesWayMost = 2;

const errors: Partial<Record<ProblemCode, CommandError>> = {
  network: 'offline',
  throttled: 'throttled',
  'signed-out': 'signed-out',
  'account-gone': 'no-sync',
};

/** The way back for messages that have left this device. */
export function olderMessages({ accounts, notices, server, alone }: OlderParts): OlderMessages {
  const underWay = new Set<Stopper>();
  const makingWay = new Set<Stopper>();

  async function read(conversation: string, stop: Stopper): Promise<OlderRead> {
    const { account, store } = await accounts.current();
    if (account.user === null) return { is: 'done' };
    return readOlder(
      {
        store,
        server,
        user: account.user.id,
        time: { now: () => Date.now() },
        tell: notices.about(store.database),
        patience: { deadlineMs, stop },
      },
      conversation,
    );
  }

  /** One try; null where it was called off. */
  async function bringOnce(conversation: string, makesWay: boolean): Promise<OlderRead | null> {
    const stop = newStop();
    underWay.add(stop);
    if (makesWay) makingWay.add(stop);
    const outcomes: OlderRead[] = [];
    try {
      await alone(async () => {
        if (!stop.stopped) outcomes.push(await read(conversation, stop));
      });
    } finally {
      underWay.delete(stop);
      makingWay.delete(stop);
    }
    const [outcome] = outcomes;
    return outcome === undefined || (stop.stopped && outcome.is === 'failed') ? null : outcome;
  }

  return {
    async bring(conversation) {
      for (let madeWay = 0; ; madeWay++) {
        const outcome = await bringOnce(conversation, madeWay < makesWayMost);
        if (outcome !== null) return outcome.is === 'failed' ? (errors[outcome.problem] ?? 'server') : null;
      }
    },
    makeWay() {
      for (const stop of makingWay) stop.stop();
    },
    switched() {
      for (const stop of underWay) stop.stop();
    },
  };
}
