import { type Account, firstRequest, pullRequest, standOf, wholePage } from './atlas-requests.ts';
import type { Clients } from './clients.ts';
import { type Contender, interleave, type Measured, type Pace } from './interleave.ts';
import { naiveDelta, naiveFullSync } from './naive-requests.ts';

/** What the reading measurements act on. */
export interface Readers {
  clients: Clients;
  /** The same database with messages in one table. */
  unparted: Clients;
  epoch: string;
  /** Every account there is: those that poll. */
  everyone: { id: string; head: number }[];
  accounts: Account[];
  /** Between the newest message of every account and the one before, for those who go by time. */
  beforeNewest: string;
  afterNewest: string;
}

type Acts<Name extends string> = Record<Name, Contender['act']>;

/** Nothing has changed. */
export function measureIdle(readers: Readers, pace: Pace) {
  const { clients, epoch, everyone, accounts, afterNewest } = readers;
  return interleave(
    {
      atlas: async (client) => {
        const { id, head } = oneOf(everyone);
        await clients.call(client, 'sync', id, pullRequest(epoch, head));
      },
      delta: (client) => naiveDelta(clients, client, 'naive', oneOf(everyone).id, afterNewest),
      unpartedDelta: (client) => naiveDelta(clients, client, 'naive_unparted', oneOf(everyone).id, afterNewest),
      full: (client) => naiveFullSync(clients, client, 'naive', oneOf(accounts)),
      unpartedFull: (client) => naiveFullSync(clients, client, 'naive_unparted', oneOf(accounts)),
    } satisfies Acts<string>,
    pace,
  );
}

/** One message is new, and its conversation changed with it. */
export function measureOneNew(readers: Readers, pace: Pace) {
  const { clients, unparted, epoch, accounts, beforeNewest } = readers;
  const pull = (through: Clients) => async (client: number) => {
    const { id, head } = oneOf(accounts);
    await through.call(client, 'sync', id, pullRequest(epoch, head - 2));
  };
  return interleave(
    {
      atlas: pull(clients),
      unparted: pull(unparted),
      delta: (client) => naiveDelta(clients, client, 'naive', oneOf(accounts).id, beforeNewest),
      unpartedDelta: (client) => naiveDelta(clients, client, 'naive_unparted', oneOf(accounts).id, beforeNewest),
    } satisfies Acts<string>,
    pace,
  );
}

/** A device that knows nothing gets everything: 5,000 messages and their conversations. */
export function measureFirst(
  readers: Readers,
  pace: Pace,
): Promise<Record<'atlas' | 'full' | 'unpartedFull', Measured>> {
  const { clients, epoch, accounts } = readers;
  return interleave(
    {
      atlas: async (client) => {
        const account = oneOf(accounts);
        for (let cursor: object | null = { seq: account.head, floor: account.head + 1 }, more = true; more; ) {
          const answer = await clients.call(client, 'sync', account.id, firstRequest(epoch, cursor), true);
          ({ cursor, more } = standOf(answer));
        }
      },
      full: (client) => naiveFullSync(clients, client, 'naive', oneOf(accounts)),
      unpartedFull: (client) => naiveFullSync(clients, client, 'naive_unparted', oneOf(accounts)),
    } satisfies Acts<string>,
    pace,
  );
}

/** Checks once that what is measured is what it says: the numbers of rows that the calls bring. */
export async function checkReads({ clients, unparted, epoch, accounts, beforeNewest }: Readers): Promise<void> {
  for (const account of [accounts[0], accounts.at(-1)]) {
    if (account === undefined) throw new Error('there are no accounts');
    const changes = async (through: Clients, request: string) => {
      const answer: { changes: unknown[] } = JSON.parse(await through.call(0, 'sync', account.id, request, true));
      return answer.changes.length;
    };
    expectCount('idle', await changes(clients, pullRequest(epoch, account.head)), 0);
    expectCount('one new', await changes(clients, pullRequest(epoch, account.head - 2)), 2);
    expectCount('one new, unparted', await changes(unparted, pullRequest(epoch, account.head - 2)), 2);
    const first = await changes(clients, firstRequest(epoch, null));
    const perConversation = account.head / account.conversations.length - 1;
    expectCount('first', first, Math.min(wholePage, account.conversations.length * perConversation));
    for (const schema of ['naive', 'naive_unparted']) {
      for (const list of ['conversations', 'messages']) {
        const rows: unknown[] = JSON.parse(await clients.call(0, `${schema} ${list}`, account.id, beforeNewest, true));
        expectCount(`${schema} ${list}`, rows.length, 1);
      }
    }
  }
}

function expectCount(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what}: ${found} rows instead of ${expected}`);
}

function oneOf<T>(list: T[]): T {
  const found = list[Math.floor(Math.random() * list.length)];
  if (found === undefined) throw new Error('nobody to choose from');
  return found;
}
