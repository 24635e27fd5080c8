import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Every world has its own compiler settings; code of one cannot use what only another has. */
const worlds = [
  'contract',
  'sw/engine',
  'sw',
  'src',
  'server',
  'supabase',
  'e2e',
  'bench',
  'sim',
  'mutants',
  'bench/app',
  'scripts',
  'tsconfig.tests.json',
];
const compiler = join('node_modules', 'typescript', 'bin', 'tsc');

/** @param {string} world */
function check(world) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [compiler, '-p', world], { stdio: 'inherit' });
    child.on('close', (code) => resolve(code === 0));
  });
}

let wrong = 0;
for (const world of worlds.filter((world) => existsSync(world))) {
  if (!(await check(world))) {
    process.stderr.write(`types of ${world} do not fit\n`);
    wrong += 1;
  }
}
process.stdout.write(`${worlds.length} worlds, ${wrong} with type errors\n`);
process.exitCode = wrong === 0 ? 0 : 1;
