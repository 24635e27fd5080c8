import { expect, test } from './fixtures/atlas-test.ts';

test('n, words, Enter: a conversation without a mouse', async ({ device }) => {
  const a = await device();
  await a.writes('The one before');
  // Away from the composer, where n is a letter.
  await a.page.getByRole('button', { name: 'New conversation' }).focus();
  await a.page.keyboard.press('n');
  await expect(a.composer).toBeFocused();
  await a.page.keyboard.type('nine nights');
  await a.page.keyboard.press('Shift+Enter');
  await a.page.keyboard.type('and a day');
  await a.page.keyboard.press('Enter');
  await expect(a.composer).toHaveValue('');
  await expect(a.ownMessages).toHaveCount(1);
  await expect(a.ownMessages).toContainText('nine nights');
  await a.seesConversation('nine nights');
  await a.seesConversation('The one before');
});

test('menus and dialogs open, move and close by keyboard, and focus comes back', async ({ device }) => {
  const a = await device();
  await a.account.focus();
  await a.page.keyboard.press('Enter');
  await expect(a.page.getByRole('menuitem', { name: 'Sign in' })).toBeFocused();
  await a.page.keyboard.press('Escape');
  await expect(a.account).toBeFocused();
  await a.page.keyboard.press('Enter');
  await expect(a.page.getByRole('menuitem', { name: 'Sign in' })).toBeFocused();
  await a.page.keyboard.press('Enter');
  await expect(a.signInDialog).toBeVisible();
  await a.page.keyboard.press('Escape');
  await expect(a.signInDialog).toBeHidden();
  await expect(a.account).toBeFocused();
});
