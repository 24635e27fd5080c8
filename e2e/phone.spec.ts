import { expect, test } from './fixtures/atlas-test.ts';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test('on a touch keyboard Enter makes a new line and the button sends', async ({ device }) => {
  const a = await device({ context: phone });
  await expect(a.composer).toHaveAttribute('enterkeyhint', 'enter');
  await a.composer.fill('Dear diary');
  await a.composer.press('Enter');
  await a.page.keyboard.type('today');
  await expect(a.composer).toHaveValue('Dear diary\ntoday');
  await a.page.getByRole('button', { name: 'Send' }).click();
  await expect(a.ownMessages).toContainText('today');
  await expect(a.composer).toHaveValue('');
});

test('the first screen on a phone offers to sign in, and the list stays when one goes to it', async ({ device }) => {
  const a = await device({ context: phone });
  await expect(a.page.getByText('Where shall we begin?')).toBeVisible();
  await a.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(a.signInDialog).toBeVisible();
  await a.signInDialog.getByRole('button', { name: 'Close' }).click();
  await a.showsList();
  await a.reloads();
  await expect(a.page.getByText('No conversations yet.')).toBeVisible();
  await a.closesPage();
  await a.opens();
  await expect(a.page.getByText('Where shall we begin?')).toBeVisible();
});

test('an address of a conversation that is not here leads on', async ({ device }) => {
  const a = await device({ context: phone });
  await a.opens('/c/01900000-0000-7000-8000-000000000001');
  await expect(a.page.getByText('This conversation is not on this device.')).toBeVisible();
  await a.page.getByRole('button', { name: 'New conversation' }).click();
  await expect(a.composer).toBeFocused();
});

for (const [width, height] of [
  [740, 360],
  [320, 256],
] as const) {
  test(`at ${width} by ${height} the list has room, and signing in is within reach`, async ({ device, person }) => {
    const a = await device({ context: { viewport: { width, height } } });
    await a.writes('Still in sight');
    await a.showsList();
    await expect(a.conversation('Still in sight')).toBeInViewport({ ratio: 1 });
    expect((await a.conversations.boundingBox())?.height).toBeGreaterThan(height / 3);
    await a.fillsIn(person);
    const create = a.signInDialog.getByRole('button', { name: 'Create account' });
    if (height >= 360) {
      await expect(a.signInDialog.getByRole('textbox', { name: 'Email' })).toBeInViewport({ ratio: 1 });
    } else await create.scrollIntoViewIfNeeded();
    await expect(create).toBeInViewport({ ratio: 1 });
    await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
    await a.isSignedIn();
  });
}
