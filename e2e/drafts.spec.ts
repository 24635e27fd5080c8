import { expect, test } from './fixtures/atlas-test.ts';

test('a draft survives a reload, per conversation', async ({ device }) => {
  const a = await device();
  await a.writes('A first conversation');
  await a.composer.fill('Half a thought');
  await a.startsConversation();
  await a.composer.fill('The beginning of another');
  await a.reloads();
  await expect(a.composer).toHaveValue('The beginning of another');
  await a.opensConversation('A first conversation');
  await expect(a.composer).toHaveValue('Half a thought');
});

test('a draft survives the killing of the worker, and leaves when it is sent', async ({ device }) => {
  const a = await device();
  await a.composer.fill('Do not lose me');
  await a.losesItsWorker();
  await a.reloads();
  await expect(a.composer).toHaveValue('Do not lose me');
  await a.composer.press('Enter');
  await a.sees('Do not lose me');
  await a.reloads();
  await expect(a.composer).toHaveValue('');
  await a.startsConversation();
  await expect(a.composer).toHaveValue('');
});

test('a draft stays with the account it was written in', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  await a.composer.fill('For me only');
  await a.signsOut();
  await expect(a.composer).toHaveValue('');
  await a.signsIn(person);
  await expect(a.composer).toHaveValue('For me only');
});

test('each Enter sends what stood in the box, however fast they come', async ({ device }) => {
  const a = await device();
  await a.composer.focus();
  for (const text of ['one', 'two', 'three', 'four']) {
    await a.page.keyboard.type(text);
    await a.page.keyboard.press('Enter');
  }
  await a.page.keyboard.type('half a fo');
  await a.seesExactly(['one', 'two', 'three', 'four']);
  await expect(a.composer).toHaveValue('half a fo');
});

test('what is sent in one tab leaves what was typed in another', async ({ device }) => {
  const a = await device();
  await a.writes('A conversation in two tabs');
  const other = await a.context.newPage();
  await other.goto(a.page.url());
  const there = other.getByRole('textbox', { name: 'Message' });
  await there.fill('Typed there');
  await expect(other.getByText('Draft kept')).toBeVisible();

  await a.composer.fill('Typed here');
  await expect(a.page.getByText('Draft kept')).toBeVisible();
  await a.composer.press('Enter');
  await a.sees('Typed here');
  await expect(there).toHaveValue('Typed there');
  await other.reload();
  await expect(there).toHaveValue('Typed there');
  await expect(a.composer).not.toHaveValue('Typed here');
});
