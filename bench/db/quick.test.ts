import { expect, test } from 'vitest';
import { runBench } from '../testing/run-bench.ts';

test('the database bench runs from end to end, and no request touches more than it may', async () => {
  const { line, status } = await runBench('bench/db/main.ts', '--quick');
  expect(line.missed).toEqual([]);
  expect(line.demands).toHaveLength(14);
  expect(status).toBe(0);
}, 240_000);
