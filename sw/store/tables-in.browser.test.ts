import { deleteDB, unwrap } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { storeNames } from '../../contract/account-stores.ts';
import { placesFrom, placesOf } from '../../contract/key-ranges.ts';
import type { Query } from '../engine/local/tables.ts';
import { sameAsPlainList } from '../engine/testing/layout-property.ts';
import { MemoryDatabase } from '../engine/testing/memory-database.ts';
import { openAccount } from './open-account.ts';
import { tablesIn } from './tables-in.ts';

const opened: { name: string; close(): void }[] = [];

async function newTables() {
  const name = `tables-${opened.length}`;
  const db = await openAccount(name, () => undefined);
  opened.push({ name, close: () => db.close() });
  return tablesIn(unwrap(db.transaction(storeNames, 'readwrite')));
}

afterEach(async () => {
  for (const { name, close } of opened.splice(0)) {
    close();
    await deleteDB(name);
  }
});

test('history in pages in a real database is what a plain list of messages would be', async () => {
  await sameAsPlainList(async () => {
    const tables = await newTables();
    return (work) => work(tables);
  }, 6);
});

test('tables in memory answer like those of a real database', async () => {
  const real = await newTables();
  const memory = new MemoryDatabase('a').begin().tables;
  const both = [real, memory];
  for (const tables of both) {
    for (const [conversation, last] of [
      ['b', 9],
      ['a', 100],
      ['a', 20],
      ['a b', 3],
      ['a', 3],
    ] as const) {
      tables.put('pages', { conversation, last, first: 1, messages: [], idEnds: [last, last + 1] });
    }
    tables.put('pages', { conversation: 'a', last: 20, first: 1, messages: [], idEnds: [100, 3] });
    for (const [number, cycle] of [
      [2, 'two'],
      [1, 'one'],
    ] as const) {
      tables.put('syncLog', { trigger: cycle } as never, number);
    }
    tables.delete('syncLog', 7);
  }
  const queries: Query[] = [
    {},
    { range: placesOf('a') },
    { range: placesFrom('a', 4) },
    { range: placesFrom('a', 3), limit: 2 },
    { range: { ...placesFrom('a', 3), lowerOpen: true }, limit: 2 },
    { range: placesOf('a'), direction: 'prev', limit: 2 },
    { direction: 'prev' },
    { index: 'idEnds' },
    { index: 'idEnds', range: { lower: 3, upper: 3 } },
    { index: 'idEnds', range: { lower: 4, upper: 100 }, direction: 'prev' },
  ];
  for (const query of queries) {
    expect(await memory.getAll('pages', query)).toEqual(await real.getAll('pages', query));
    expect(await memory.getAllKeys('pages', query)).toEqual(await real.getAllKeys('pages', query));
    if (query.direction === undefined && query.limit === undefined) {
      expect(await memory.count('pages', query)).toEqual(await real.count('pages', query));
    }
  }
  expect(await memory.getAll('syncLog')).toEqual(await real.getAll('syncLog'));
  for (const tables of both) tables.delete('pages', { range: placesOf('a') });
  expect(await memory.getAllKeys('pages')).toEqual(await real.getAllKeys('pages'));
});
