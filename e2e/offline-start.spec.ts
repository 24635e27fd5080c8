import { expect, test } from './fixtures/atlas-test.ts';

test('after the first visit the app opens without a network, with the conversations that were there', async ({
  device,
}) => {
  const a = await device();
  await a.writes('Where do swallows sleep?', 'And in winter?');
  await a.goesOffline();
  await a.reloads();
  await a.seesConversation('Where do swallows sleep?');
  await a.opensConversation('Where do swallows sleep?');
  await a.seesExactly(['Where do swallows sleep?', 'And in winter?']);
});

test('every address of the app opens without a server', async ({ device }) => {
  const a = await device();
  await a.writes('A walk along the river');
  const conversation = new URL(a.page.url()).pathname;
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.opens(conversation);
  await a.sees('A walk along the river');
  for (const path of ['/settings', '/trash', '/attention', '/']) {
    await a.page.goto(`${a.network.address}${path}`);
    await a.seesConversation('A walk along the river');
  }
});

test('without an account nothing is sent, and nothing speaks of syncing', async ({ device }) => {
  const a = await device();
  await a.writes('Just for me');
  await a.seesState('Just for me', 'Saved on this device');
  await a.seesStatus(/Only on this device/);
  await a.losesItsWorker();
  await a.reloads();
  await a.seesConversation('Just for me');
  expect(a.network.requests('/rest/v1/')).toEqual([]);
  expect(a.network.requests('/auth/v1/')).toEqual([]);
  await expect(a.syncNow).toHaveCount(0);
});
