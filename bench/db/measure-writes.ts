import { type Account, pushRequest, readAccounts } from './atlas-requests.ts';
import type { Clients } from './clients.ts';
import { interleave, type Pace } from './interleave.ts';
import { naiveMessages, naivePush } from './naive-requests.ts';
import type { Sql } from './open-server.ts';

/** A push of so many messages that were waiting. Every client has accounts of its own, so that heads are known. */
export function measurePush(clients: Clients, epoch: string, accounts: Account[], messages: number, pace: Pace) {
  const next = Array.from({ length: pace.clients }, (_, client) => client);
  function accountOf(client: number): Account {
    const turn = next[client] ?? client;
    next[client] = turn + pace.clients;
    const account = accounts[turn % (accounts.length - (accounts.length % pace.clients))];
    if (account === undefined) throw new Error('more clients than accounts');
    return account;
  }
  const texts = Array.from(
    { length: messages },
    (_, nth) => `The train leaves at nine and is there by noon. ${'See you. '.repeat(nth % 9)}`,
  );
  async function push(client: number, behind: number): Promise<void> {
    const account = accountOf(client);
    const stand = { ...account, head: account.head - behind };
    await clients.call(client, 'sync', account.id, pushRequest(epoch, stand, texts));
    // The messages, and their conversation after them.
    account.head += messages + 1;
  }
  return interleave(
    {
      atlas: (client) => push(client, 0),
      behind: (client) => push(client, 2),
      counted: (client) => naiveMessages(clients, client, 'naive_counted', accountOf(client), texts),
      bare: (client) => naivePush(clients, client, 'naive', accountOf(client), texts),
    },
    pace,
  );
}

/** Checks that every push was served: nobody reads the answers while they are measured. */
export async function checkPushes(sql: Sql, accounts: Account[]): Promise<void> {
  const stored = new Map((await readAccounts(sql)).accounts.map(({ id, head }) => [id, head]));
  const wrong = accounts.find(({ id, head }) => stored.get(id) !== head);
  if (wrong !== undefined) throw new Error(`a head stands at ${stored.get(wrong.id)} instead of ${wrong.head}`);
}
