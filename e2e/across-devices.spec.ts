import { expect, test } from './fixtures/atlas-test.ts';
import { withoutRealtime } from './fixtures/realtime.ts';
import { anySync } from './fixtures/sync-requests.ts';

test('what one device writes, renames and deletes reaches the other by polling alone, within the interval', async ({
  device,
  person,
  server,
}) => {
  test.slow();
  const a = await device();
  const b = await device();
  withoutRealtime(b);
  await a.signsIn(person);
  for (const title of ['To be continued', 'To be renamed', 'To be deleted']) {
    await a.startsConversation();
    await a.writes(title);
    await a.seesAllSent();
  }
  await b.signsIn(person);
  await b.opensConversation('To be continued');
  await b.seesConversation('To be renamed');
  await b.seesConversation('To be deleted');
  await b.seesStatus(/Synced/);
  const asked = b.network.requests(anySync).length;

  await a.opensConversation('To be deleted');
  await a.deletes();
  await a.opensConversation('To be renamed');
  await a.renames('Renamed');
  await a.opensConversation('To be continued');
  await a.writes('Here it goes on');

  // A title waits 5 s for more, then the interval of 30 s, then 2 s for the way.
  const patience = { timeout: 37_000 };
  await expect(b.conversation('Renamed')).toHaveCount(1, patience);
  await b.seesExactly(['To be continued', 'Here it goes on']);
  await b.seesNoConversation('To be deleted');
  await b.seesNoConversation('To be renamed');
  expect(await server.titlesOf(person)).toEqual(['To be continued', 'Renamed']);
  expect(b.network.requests(anySync).length - asked).toBeLessThanOrEqual(2);
});

test('what two devices write in turns stands in the same order on both', async ({ device, person }) => {
  const a = await device();
  const b = await device();
  await a.signsIn(person);
  await a.writes('Plan a garden');
  await a.seesAllSent();
  await b.signsIn(person);
  await b.opensConversation('Plan a garden');
  await b.writes('With a pond');
  await b.seesAllSent();
  await a.writes('With apple trees');
  await a.seesAllSent();
  await a.syncsNow();
  await b.syncsNow();
  for (const one of [a, b]) await one.seesExactly(['Plan a garden', 'With a pond', 'With apple trees']);
});

test('Sync now sends what is waiting and brings what is new at once', async ({ device, person, server }) => {
  const a = await device();
  const b = await device();
  await a.signsIn(person);
  await a.writes('Names for a boat');
  await a.seesState('Names for a boat', 'Sent');
  await b.signsIn(person);
  await b.seesConversation('Names for a boat');

  await a.renames('Boats');
  await a.syncsNow();
  await expect.poll(() => server.titlesOf(person)).toEqual(['Boats']);
  await b.syncsNow();
  await b.seesConversation('Boats');
});

test('a new device gets everything that was written before it', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  for (const topic of ['Bread', 'Cheese', 'Wine']) {
    await a.startsConversation();
    await a.writes(`${topic}?`, `More about ${topic}`);
    await a.seesState(`More about ${topic}`, 'Sent');
  }
  const b = await device();
  await b.signsIn(person);
  for (const topic of ['Bread', 'Cheese', 'Wine']) {
    await b.opensConversation(`${topic}?`);
    await b.seesExactly([`${topic}?`, `More about ${topic}`]);
  }
});

test('an undone delete is deleted nowhere', async ({ device, person, server }) => {
  const a = await device();
  const b = await device();
  await a.signsIn(person);
  await a.writes('Keep me');
  await a.seesState('Keep me', 'Sent');
  await a.deletes();
  await a.page.getByRole('button', { name: 'Undo' }).click();
  await a.seesConversation('Keep me');
  await a.syncsNow();
  await b.signsIn(person);
  await b.opensConversation('Keep me');
  await b.seesExactly(['Keep me']);
  expect(await server.titlesOf(person)).toEqual(['Keep me']);
});
