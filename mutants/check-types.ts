import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { runNode } from './run-node.ts';
import type { WorkingCopy } from './working-copy.ts';

const longestMs = 180_000;
/** What a bug may leave behind. */
const lenient = ['noUnusedLocals', 'noUnusedParameters'].flatMap((option) => [`--${option}`, 'false']);

/**
 * The names of bugs that do not compile, which says nothing about tests. One run of the compiler looks at as many as there
 * are files: a bug in each.
 */
export async function doNotCompile(copy: WorkingCopy, mutants: readonly Mutant[]): Promise<Set<string>> {
  const wrong = new Set<string>();
  let left = mutants.filter(({ file }) => file.endsWith('.ts'));
  const settings = join(copy.folder, 'mutants-types.json');
  const include = [...new Set(left.map(({ file }) => file))];
  const compilerOptions = { lib: ['es2024', 'webworker'], types: ['node', 'vite/client'], allowUnreachableCode: true };
  writeFileSync(settings, JSON.stringify({ extends: './tsconfig.json', compilerOptions, include }));
  while (left.length > 0) {
    const files = new Set<string>();
    const round = left.filter(({ file }) => !files.has(file) && files.add(file));
    left = left.filter((mutant) => !round.includes(mutant));
    for (const file of await wrongFiles(copy, round, settings)) {
      for (const mutant of round) if (mutant.file === file) wrong.add(mutant.name);
    }
  }
  rmSync(settings);
  return wrong;
}

async function wrongFiles(copy: WorkingCopy, [first, ...others]: Mutant[], settings: string): Promise<string[]> {
  if (first === undefined) {
    const words = ['node_modules/typescript/bin/tsc', '-p', settings, ...lenient];
    const { said } = await runNode(copy.folder, words, longestMs);
    return [...said.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file ?? '');
  }
  return (await copy.spoiled(first, () => wrongFiles(copy, others, settings))) ?? wrongFiles(copy, others, settings);
}
