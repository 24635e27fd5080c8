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

test('renaming ends where it was chosen, with Enter and with Escape', async ({ device }) => {
  const a = await device();
  await a.writes('A first title');
  const actions = a.page.getByRole('button', { name: 'Conversation actions' });
  for (const key of ['Enter', 'Escape']) {
    await a.chooses('Rename');
    await expect(a.page.getByRole('textbox', { name: 'Title' })).toBeFocused();
    await a.page.keyboard.type(`Ended with ${key}`);
    await a.page.keyboard.press(key);
    await expect(actions).toBeFocused();
    await a.seesConversation('Ended with Enter');
  }
});

test('a title stops at 200 characters', async ({ device }) => {
  const a = await device();
  await a.writes('Short');
  await a.chooses('Rename');
  const title = a.page.getByRole('textbox', { name: 'Title' });
  await title.fill('a'.repeat(190));
  await title.press('End');
  await a.page.keyboard.type('b'.repeat(20));
  await expect(title).toHaveValue(`${'a'.repeat(190)}${'b'.repeat(10)}`);
  await title.fill('c'.repeat(250));
  await expect(title).toHaveValue('c'.repeat(200));
  await title.press('Enter');
  await a.seesConversation('c'.repeat(200));
});

test('after deleting, undoing and restoring one can type on', async ({ device }) => {
  const a = await device();
  await a.writes('Keep me');
  await a.deletes();
  await expect(a.composer).toBeFocused();
  await a.page.getByRole('button', { name: 'Undo' }).focus();
  await a.page.keyboard.press('Enter');
  await a.sees('Keep me');
  await expect(a.composer).toBeFocused();
  const conversation = new URL(a.page.url()).pathname;
  await a.deletes();
  await a.opens(conversation);
  await a.page.getByRole('button', { name: 'Restore' }).focus();
  await a.page.keyboard.press('Enter');
  await expect(a.page.getByRole('button', { name: 'Restore' })).toBeHidden();
  await expect(a.composer).toBeFocused();
});

test('the single key n can be turned off, and stays off', async ({ device }) => {
  const a = await device();
  await a.writes('The one before');
  await a.page.getByRole('link', { name: 'Settings' }).click();
  const shortcuts = a.page.getByRole('switch', { name: 'Keyboard shortcuts' });
  await expect(shortcuts).toBeChecked();
  await shortcuts.focus();
  await a.page.keyboard.press('Space');
  await expect(shortcuts).not.toBeChecked();
  await a.reloads();
  await expect(shortcuts).not.toBeChecked();
  await a.page.getByRole('heading', { name: 'Settings' }).focus();
  await a.page.keyboard.press('n');
  await expect(shortcuts).toBeVisible();
  await shortcuts.check();
  await a.page.keyboard.press('n');
  await expect(a.composer).toBeFocused();
});
