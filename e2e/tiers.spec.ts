import { expect, test } from './fixtures/atlas-test.ts';

test('a plan without sync says so everywhere, and keeps what is written', async ({ device, person, server }) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await server.setTier(person, 'free');
  await a.writes('Only here');
  await a.seesStatus(/Only on this device/);

  const kept = 'This plan keeps your conversations on this device.';
  await a.account.click();
  await expect(a.page.getByRole('menu', { name: 'Account' })).toContainText(kept);
  await a.page.keyboard.press('Escape');
  await a.page.getByRole('link', { name: 'Settings' }).click();
  await expect(a.page.getByRole('region', { name: 'Account and plan' })).toContainText(`Free`);
  await expect(a.page.getByRole('region', { name: 'Account and plan' })).toContainText(kept);
  await a.startsConversation();
  await expect(a.page.getByText('Everything is stored on this device.')).toBeVisible();
  await expect(a.page.getByText('goes out when it can')).toHaveCount(0);

  await a.asksToSignOut();
  const question = a.page.getByRole('alertdialog', { name: 'Unsent messages' });
  await expect(question.getByRole('button', { name: 'Send and sign out' })).toHaveCount(0);
  await question.getByRole('button', { name: 'Keep on this device' }).click();
  await a.isSignedOut();
});
