import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

test('the database bench runs from end to end, and no request touches more than it may', async () => {
  const { line, status } = await runBench('--quick');
  expect(line.missed).toEqual([]);
  expect(line.demands).toHaveLength(14);
  expect(status).toBe(0);
}, 240_000);

function runBench(
  ...words: string[]
): Promise<{ line: { missed: string[]; demands: unknown[] }; status: number | null }> {
  return new Promise((resolve) => {
    const command = ['scripts/run-typescript.mjs', 'bench/db/main.ts', ...words];
    const child = execFile(process.execPath, command, { maxBuffer: 10_000_000 }, (_, stdout) => {
      resolve({ line: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), status: child.exitCode });
    });
  });
}
