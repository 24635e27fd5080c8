import { spawn } from 'node:child_process';

export interface Ended {
  /** Null if it was ended from outside. */
  code: number | null;
  said: string;
}

/** Runs a program with these words in that folder, no longer than so many milliseconds. */
export function runNode(cwd: string, words: string[], mostMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: mostMs });
    let said = '';
    const hear = (part: Buffer) => {
      said += part.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}
