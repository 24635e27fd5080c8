import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';
import type { Person } from './fixtures/people.ts';
import type { TestServer } from './fixtures/test-server.ts';

const twenty = Array.from({ length: 20 }, (_, i) => `message ${i + 1} of 20`);
const title = 'message 1 of 20';

/** All of them are on the server and on another device: each once, in the order of writing. */
async function allArrived(b: Device, person: Person, server: TestServer): Promise<void> {
  await expect.poll(async () => (await server.messagesOf(person)).map(({ text }) => text)).toEqual(twenty);
  await b.signsIn(person);
  await b.opensConversation(title);
  await b.seesExactly(twenty);
}

test('20 messages written offline reach the other device once and in order, the page closed meanwhile', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.goesOffline();
  await a.writes(...twenty);
  await a.seesStatus(/Offline · 20 waiting/);
  await a.closesPage();
  await a.opens();
  await a.opensConversation(title);
  await a.seesExactly(twenty);
  await a.comesOnline();
  await a.seesAllSent();
  await allArrived(await device(), person, server);
});

test('20 messages written while the server cannot be reached go when it can', async ({ device, person, server }) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.writes(...twenty);
  await a.closesPage();
  await a.opens();
  await a.opensConversation(title);
  await a.seesExactly(twenty);
  await a.network.up();
  await a.syncsNow();
  await a.seesAllSent();
  await allArrived(await device(), person, server);
});

test('20 messages written offline outlive the browser', async ({ device, person, server }) => {
  const a = await device({ onDisk: true });
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.writes(...twenty);
  await a.quits();
  await a.opens();
  await a.opensConversation(title);
  await a.seesExactly(twenty);
  await a.network.up();
  await a.syncsNow();
  await a.seesAllSent();
  await allArrived(await device(), person, server);
});

test('messages written offline leave when the network is back, though no page is open', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.goesOffline();
  await a.writes('Goodbye', 'and good luck');
  await a.closesPage();
  await a.context.setOffline(false);
  await expect.poll(async () => (await server.messagesOf(person)).length, { timeout: 30_000 }).toBe(2);
});
