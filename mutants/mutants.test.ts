import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { histories } from './histories.ts';
import { judge } from './judge.ts';
import { mutants } from './list.ts';
import { mutated } from './mutant.ts';
import { workingCopy } from './working-copy.ts';

test('every deliberate bug still fits the source, once', () => {
  const source = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  expect(mutants.filter((mutant) => mutated(source(mutant.file), mutant) === null).map(({ name }) => name)).toEqual([]);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test('every history is one that a deliberate bug breaks', () => {
  const used = new Set(mutants.flatMap(({ killer }) => ('history' in killer ? [killer.history] : [])));
  expect([...used].sort()).toEqual(Object.keys(histories).sort());
});

test('a deliberate bug is caught in a copy of the sources, which hold without it', async () => {
  const copy = workingCopy();
  try {
    const mutant = mutants.find(({ name }) => name === 'waits between tries grow without end');
    if (mutant === undefined) throw new Error('it has another name now');
    expect(await judge(copy.folder, mutant.killer)).toMatchObject({ is: 'survived' });
    expect(await copy.spoiled(mutant, () => judge(copy.folder, mutant.killer))).toMatchObject({ is: 'killed' });
    expect(await judge(copy.folder, mutant.killer)).toMatchObject({ is: 'survived' });
  } finally {
    copy.remove();
  }
});
