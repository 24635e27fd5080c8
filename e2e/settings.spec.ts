import { expect, test } from './fixtures/atlas-test.ts';

/** The colour the browser gives its own bars: of the first theme-color whose media query holds. */
function barColor(): string | undefined {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')];
  return metas.find(({ media }) => matchMedia(media).matches)?.content;
}

test('the browser’s bars follow the theme that was chosen', async ({ device }) => {
  const a = await device({ context: { colorScheme: 'light' } });
  const light = await a.page.evaluate(barColor);
  await a.page.getByRole('link', { name: 'Settings' }).click();
  await a.page.getByRole('radio', { name: 'Dark' }).check();
  const dark = await a.page.evaluate(barColor);
  expect(dark).not.toBe(light);
  await a.reloads();
  expect(await a.page.evaluate(barColor)).toBe(dark);
  await a.page.getByRole('radio', { name: 'System' }).check();
  expect(await a.page.evaluate(barColor)).toBe(light);
});

test('without an account deleting forever speaks of this device only', async ({ device }) => {
  const a = await device();
  await a.writes('Never mind');
  await a.deletes();
  await a.page.getByRole('link', { name: 'Trash' }).click();
  await a.page.getByRole('button', { name: 'Delete forever' }).click();
  await expect(a.page.getByRole('alertdialog')).toContainText('will be gone from this device.');
});
