import { execFile } from 'node:child_process';

export interface BenchRun {
  /** What it says in its last line. */
  line: { missed: string[]; demands: unknown[] };
  status: number | null;
}

/** Runs a bench as its npm script does. */
export function runBench(...words: string[]): Promise<BenchRun> {
  return new Promise((resolve) => {
    const command = ['scripts/run-typescript.mjs', ...words];
    const child = execFile(process.execPath, command, { maxBuffer: 10_000_000 }, (_, stdout) => {
      resolve({ line: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), status: child.exitCode });
    });
  });
}
