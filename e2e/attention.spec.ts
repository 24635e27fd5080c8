import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';
import type { Person } from './fixtures/people.ts';

/** One device deletes a conversation for good in which the other has written offline. */
async function writesIntoDeleted(a: Device, b: Device, person: Person): Promise<void> {
  await a.signsIn(person);
  await a.writes('A shared plan');
  await a.seesAllSent();
  await b.signsIn(person);
  await b.opensConversation('A shared plan');
  await b.goesOffline();
  await b.writes('Written on the train');

  await a.deletes();
  await a.page.getByRole('link', { name: 'Trash' }).click();
  await a.page.getByRole('button', { name: 'Delete forever' }).click();
  const question = a.page.getByRole('alertdialog');
  await expect(question).toContainText('from all your devices');
  await question.getByRole('button', { name: 'Delete forever' }).click();
  await a.syncsNow();
  await a.seesStatus(/Synced/);
}

const region = (device: Device) => device.page.getByRole('region', { name: 'Needs attention' });

test('a message whose conversation was deleted for good elsewhere is put into a new one, and asked about no more', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  const b = await device();
  await writesIntoDeleted(a, b, person);
  // Typed for later; it must outlive what becomes of the other.
  await b.startsConversation();
  await b.composer.fill('A thought for later');
  await b.comesOnline();
  await b.page.getByRole('link', { name: '1 needs attention' }).click();
  await expect(region(b)).toContainText('Written on the train');
  await expect(region(b)).toContainText('Its conversation was deleted for good on another device.');
  await expect(region(b).getByRole('button', { name: 'Retry' })).toHaveCount(0);
  expect((await new AxeBuilder({ page: b.page }).analyze()).violations).toEqual([]);

  await region(b).getByRole('button', { name: 'Put into a new conversation' }).click();
  await b.seesExactly(['Written on the train']);
  await b.seesAllSent();
  await expect(b.page.getByRole('link', { name: /need.* attention/ })).toHaveCount(0);
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Written on the train']);
  await b.startsConversation();
  await expect(b.composer).toHaveValue('A thought for later');
  await b.reloads();
  await expect(b.composer).toHaveValue('A thought for later');
  await b.signsOut();
});

test('a draft whose conversation was deleted for good elsewhere is found and can go on', async ({ device, person }) => {
  const a = await device();
  const b = await device();
  await writesIntoDeleted(a, b, person);
  await b.composer.fill('Not finished');
  await b.comesOnline();
  await expect(b.page.getByText('This conversation is not on this device.')).toBeVisible();
  await b.page.getByRole('link', { name: 'See what needs your attention' }).click();
  const card = (text: string) => region(b).getByRole('listitem').filter({ hasText: text });
  await card('Written on the train').getByRole('button', { name: 'Discard' }).click();
  await expect(card('Written on the train')).toHaveCount(0);
  await expect(b.page.getByRole('heading', { name: 'Needs attention' })).toBeFocused();

  await b.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await card('Not finished').getByRole('button', { name: 'Copy text' }).click();
  await expect(card('Not finished')).toContainText('Copied.');
  expect(await b.page.evaluate(() => navigator.clipboard.readText())).toBe('Not finished');
  await card('Not finished').getByRole('button', { name: 'Put into a new conversation' }).click();
  await expect(b.composer).toHaveValue('Not finished');
  await expect(b.composer).toBeFocused();
  await expect(b.page.getByRole('link', { name: /need.* attention/ })).toHaveCount(0);
  await b.reloads();
  await expect(b.composer).toHaveValue('Not finished');
});

test('signing out shows the way to what did not go through', async ({ device, person }) => {
  const a = await device();
  const b = await device();
  await writesIntoDeleted(a, b, person);
  await b.comesOnline();
  await expect(b.page.getByRole('link', { name: '1 needs attention' })).toBeVisible();
  await b.asksToSignOut();
  const question = b.page.getByRole('alertdialog', { name: 'Unsent messages' });
  await expect(question).toContainText('1 did not go through and needs your attention.');
  await expect(question.getByRole('button', { name: 'Send and sign out' })).toHaveCount(0);
  await question.getByRole('button', { name: 'Show what needs attention' }).click();
  await region(b).getByRole('button', { name: 'Discard' }).click();
  await expect(region(b)).toContainText('Nothing needs your attention.');
  await b.signsOut();
});
