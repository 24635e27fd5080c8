import { expect, test } from './fixtures/atlas-test.ts';
import { carriesWork } from './fixtures/sync-requests.ts';
import { cutRequest, type Fault, loseAnswer } from './network/faults.ts';

const moments: [name: string, fault: Fault, known: number][] = [
  ['while its request is on its way', cutRequest(0, 'stall'), 0],
  ['with half of its request at the server', cutRequest({ ofBody: 300 }, 'stall'), 0],
  ['while the answer is on its way', loseAnswer('stall'), 3],
];

for (const [name, fault, known] of moments) {
  test(`a worker killed ${name} loses nothing and sends nothing twice`, async ({ device, person, server }) => {
    const a = await device();
    await a.signsIn(person);
    a.console.expectNetworkTrouble();
    await a.goesOffline();
    await a.writes('first', 'second', 'third');
    const held = a.network.when(carriesWork, fault);
    await a.comesOnline();
    await held.fired();
    expect((await server.messagesOf(person)).length).toBe(known);

    await a.losesItsWorker();
    await a.network.normal();
    await a.seesExactly(['first', 'second', 'third']);
    await a.syncsNow();
    await a.seesAllSent();

    expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['first', 'second', 'third']);
    const b = await device();
    await b.signsIn(person);
    await b.opensConversation('first');
    await b.seesExactly(['first', 'second', 'third']);
  });
}

test('a message whose worker was killed with the answer on its way says so until it is known', async ({
  device,
  person,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const lost = a.network.when(carriesWork, loseAnswer('stall'));
  await a.writes('Are you there?');
  await lost.fired();
  a.network.when(carriesWork, cutRequest(), { times: Infinity });
  await a.losesItsWorker();
  await a.reloads();
  await a.opensConversation('Are you there?');
  await a.seesState('Are you there?', 'Delivery not confirmed');
  await a.network.normal();
  await a.syncsNow();
  await a.seesState('Are you there?', 'Sent');
});

test('a worker killed between writing and sending sends when it is started again', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.writes('Written into the dark');
  await a.losesItsWorker();
  await a.network.up();
  await a.reloads();
  // Every refused try doubled the wait before the next one, and a new worker keeps to it.
  await expect.poll(async () => (await server.messagesOf(person)).length, { timeout: 45_000 }).toBe(1);
  await a.opensConversation('Written into the dark');
  await a.seesState('Written into the dark', 'Sent');
});
