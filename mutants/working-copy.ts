import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mutant, mutated } from './mutant.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const copied = ['contract', 'sw', 'sim', 'mutants', 'supabase', 'server', 'scripts'];
const files = ['tsconfig.json', 'package.json', 'vitest.config.ts'];

/** A copy of the sources in a folder of its own, to be spoiled. */
export interface WorkingCopy {
  folder: string;
  /** Does this with the bug in the source; null if that does not have the piece any more. */
  spoiled<T>(mutant: Mutant, work: () => Promise<T>): Promise<T | null>;
  remove(): void;
}

export function workingCopy(): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  for (const name of [...copied, ...files]) cpSync(join(root, name), join(folder, name), { recursive: true });
  linkPackages(folder);
  return {
    folder,
    async spoiled(mutant, work) {
      const path = join(folder, mutant.file);
      const source = readFileSync(path, 'utf8');
      const bad = mutated(source, mutant);
      if (bad === null) return null;
      writeFileSync(path, bad);
      try {
        return await work();
      } finally {
        writeFileSync(path, source);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One by one, so that what tools keep beside the packages is the copy's own. */
function linkPackages(folder: string): void {
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
}
