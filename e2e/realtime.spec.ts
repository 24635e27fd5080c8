import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';
import type { Person } from './fixtures/people.ts';
import { isListening } from './fixtures/realtime.ts';

/** Far less than the interval between polls, which is 30 s. */
const atOnce = { timeout: 10_000 };

/** Two devices in the same conversation. */
async function two(device: () => Promise<Device>, person: Person): Promise<[Device, Device]> {
  const [a, b] = [await device(), await device()];
  await a.signsIn(person);
  await a.writes('Shall we meet?');
  await a.seesAllSent();
  await b.signsIn(person);
  await b.opensConversation('Shall we meet?');
  await isListening(b);
  return [a, b];
}

test('what one device writes, renames or deletes is on the other at once', async ({ device, person }) => {
  const [a, b] = await two(device, person);
  for (const text of ['At nine', 'At ten']) {
    await a.writes(text);
    await expect(b.message(text)).toBeVisible(atOnce);
  }
  await a.deletes();
  await expect(b.conversation('Shall we meet?')).toHaveCount(0, atOnce);
});

test('a device that lost its network hears of changes again when it is back', async ({ device, person }) => {
  const [a, b] = await two(device, person);
  b.console.expectNetworkTrouble();
  await b.network.down('refuse');
  await a.writes('Where are you?');
  await a.seesAllSent();
  await b.network.up();
  await isListening(b, 2);
  await expect(b.message('Where are you?')).toBeVisible(atOnce);
  await a.writes('There you are');
  await expect(b.message('There you are')).toBeVisible(atOnce);
});

test('after a restart of the server devices hear of changes again', async ({ device, person, server }) => {
  const [a, b] = await two(device, person);
  for (const one of [a, b]) one.console.expectNetworkTrouble();
  await server.restart();
  await isListening(b, 2);
  await a.writes('Still there?');
  await expect(b.message('Still there?')).toBeVisible({ timeout: 20_000 });
});

test('a device that loses sync by a change of tier is told at once, and listens on for the next one', async ({
  device,
  person,
  server,
}) => {
  const [a, b] = await two(device, person);
  b.console.expectNetworkTrouble();
  await server.setTier(person, 'free');
  await b.seesStatus(/Only on this device/);
  await b.writes('Just for me');
  let changes = 0;
  await expect(async () => {
    // Within seconds of a refusal nobody asks again.
    await server.setTier(person, changes++ % 2 === 0 ? 'core' : 'studio');
    await expect(a.message('Just for me')).toBeVisible({ timeout: 6_000 });
  }).toPass({ timeout: 30_000 });
});
