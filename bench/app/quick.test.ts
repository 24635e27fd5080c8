import { expect, test } from 'vitest';
import { runBench } from '../testing/run-bench.ts';

test("the app's bench runs from end to end, and no sync asks or carries more than it may", async () => {
  const { line, status } = await runBench('bench/app/main.ts', '--quick');
  expect(line.missed).toEqual([]);
  expect(line.demands).toHaveLength(24);
  expect(status).toBe(0);
}, 240_000);
