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
