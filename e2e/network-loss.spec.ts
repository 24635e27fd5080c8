import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';
import type { Person } from './fixtures/people.ts';
import { anySync, carriesWork } from './fixtures/sync-requests.ts';
import type { TestServer } from './fixtures/test-server.ts';
import {
  cutAnswer,
  cutRequest,
  delayAnswer,
  type Fault,
  loseAnswer,
  slowAnswer,
  slowRequest,
} from './network/faults.ts';
import type { Rule } from './network/rules.ts';

async function once(texts: string[], person: Person, server: TestServer, b: Device): Promise<void> {
  await expect.poll(async () => (await server.messagesOf(person)).map(({ text }) => text)).toEqual(texts);
  await b.signsIn(person);
  await b.opensConversation(texts[0] ?? '');
  await b.seesExactly(texts);
}

/** How often the worker tried; what a browser repeats by itself does not count. */
function tries(a: Device): number {
  return a.network.requests(carriesWork).filter(({ repetition }) => !repetition).length;
}

test('a message whose answer was lost is on the server once, and is sent as soon as that is known', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const lost = a.network.when(carriesWork, loseAnswer());
  await a.writes('Did you get this?');
  await lost.fired();
  expect((await server.messagesOf(person)).length).toBe(1);
  await a.syncsNow();
  await a.seesState('Did you get this?', 'Sent');
  expect(tries(a)).toBeGreaterThan(1);
  await once(['Did you get this?'], person, server, await device());
});

test('a message whose answer broke off says that its delivery is not confirmed, until it is', async ({
  device,
  person,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const broken = a.network.when(carriesWork, cutAnswer({ ofBody: 100 }), { times: Number.POSITIVE_INFINITY });
  await a.writes('Or that?');
  await a.seesState('Or that?', 'Delivery not confirmed');
  broken.lift();
  await a.syncsNow();
  await a.seesState('Or that?', 'Sent');
});

const harmless: [name: string, fault: Fault][] = [
  ['is reset before the server hears of it', cutRequest(0)],
  ['is cut in the middle on its way to the server', cutRequest({ ofBody: 200 })],
  ['is answered with the first byte only', cutAnswer(1)],
  ['is answered with half of its head', cutAnswer(40, 'close')],
  ['is answered with a part of its body', cutAnswer({ ofBody: 100 }, 'close')],
];

for (const [name, fault] of harmless) {
  test(`a message whose request ${name} is delivered once`, async ({ device, person, server }) => {
    const a = await device();
    await a.signsIn(person);
    a.console.expectNetworkTrouble();
    const rule = a.network.when(carriesWork, fault);
    await a.writes('Once, please');
    await rule.fired();
    await a.syncsNow();
    await a.seesState('Once, please', 'Sent');
    expect(tries(a)).toBeGreaterThan(1);
    await once(['Once, please'], person, server, await device());
  });
}

test('a slow line delays and loses nothing', async ({ device, person, server }) => {
  const a = await device();
  await a.signsIn(person);
  a.network.when(carriesWork, slowRequest(3_000));
  const slow = a.network.when(carriesWork, slowAnswer(1_500));
  a.network.when(carriesWork, delayAnswer(500));
  await a.writes('one', 'two', 'three', 'four');
  await a.seesAllSent();
  await a.writes('five');
  await slow.fired();
  await a.seesAllSent();
  await once(['one', 'two', 'three', 'four', 'five'], person, server, await device());
});

test('a first sync that breaks off goes on where it was', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  await a.writes('The beginning', 'The middle', 'The end');
  await a.seesAllSent();
  const b = await device();
  b.console.expectNetworkTrouble();
  const broken = b.network.when(anySync, cutAnswer(500));
  await b.signsIn(person);
  await broken.fired();
  await b.syncsNow();
  await b.opensConversation('The beginning');
  await b.seesExactly(['The beginning', 'The middle', 'The end']);
});

/** Which try it was that came after a wait of some seconds; null if none of so many did. */
async function patientTry(rule: Rule, most: number): Promise<number | null> {
  await rule.fired(1);
  for (let tried = 2; tried <= most; tried++) {
    const before = Date.now();
    await rule.fired(tried);
    if (Date.now() - before > 3_000) return tried;
  }
  return null;
}

test('a server that cannot be reached is asked less and less often, and gets the message when it is back', async ({
  device,
  person,
  server,
}) => {
  // Nothing is touched once the line works again: the last wait has to end by itself.
  test.setTimeout(180_000);
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const cut = a.network.when(anySync, cutRequest(), { times: Number.POSITIVE_INFINITY });
  await a.writes('Patience');
  // Waits are random below a limit that doubles: one in five thousand series of nine has none of three seconds.
  expect(await patientTry(cut, 10)).not.toBeNull();
  await a.seesState('Patience', 'Saved on this device');
  await a.network.normal();
  await expect.poll(async () => (await server.messagesOf(person)).length, { timeout: 120_000 }).toBe(1);
  await a.seesState('Patience', 'Sent');
});

test('words say that the network is gone, and that it is back', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  await a.goesOffline();
  await a.seesStatus(/Offline/);
  await a.writes('A postcard');
  await a.seesState('A postcard', 'Saved on this device');
  await a.seesStatus(/Offline · 1 waiting/);
  await a.comesOnline();
  await a.seesState('A postcard', 'Sent');
  await a.seesStatus(/Synced just now/);
});
