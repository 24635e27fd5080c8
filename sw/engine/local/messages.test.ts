import { test } from 'vitest';
import { sameAsPlainList } from '../testing/layout-property.ts';
import { MemoryDatabase } from '../testing/memory-database.ts';

test('history in pages is what a plain list of messages would be, whatever is put and removed', async () => {
  await sameAsPlainList(() => {
    const database = new MemoryDatabase();
    return (work) => work(database.begin().tables);
  }, 60);
});
