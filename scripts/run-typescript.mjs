import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** Runs a TypeScript file as a command: node scripts/run-typescript.mjs FILE [ARGUMENTS]. It reads process.argv from 2 on. */
const [node = '', , file, ...words] = process.argv;
if (file === undefined) throw new Error('which file?');
process.argv = [node, file, ...words];
await runnerImport(fileURLToPath(new URL(`../${file}`, import.meta.url)), { logLevel: 'error' });
