import { type Account, pushRequest, standOf } from './atlas-requests.ts';
import type { Clients } from './clients.ts';
import { interleave, type Pace } from './interleave.ts';
import { naivePush } from './naive-requests.ts';

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
  return interleave(
    {
      atlas: async (client) => {
        const account = accountOf(client);
        const answer = await clients.call(client, 'sync', account.id, pushRequest(epoch, account, texts), true);
        account.head = standOf(answer).cursor.seq;
      },
      unbatched: (client) => naivePush(clients, client, 'naive', accountOf(client), texts),
    },
    pace,
  );
}
