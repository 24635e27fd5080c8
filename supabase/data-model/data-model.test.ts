import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { dataModelPage, describeDatabase } from './describe.ts';

test('docs/data-model.md says what the database says, of every table and column', async () => {
  const { page, silent } = await describeDatabase();
  expect(silent).toEqual([]);
  expect(await readFile(dataModelPage, 'utf8'), 'npm run data-model writes it anew').toBe(page);
});
