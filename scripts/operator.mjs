import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

/** Runs a command of the operator: node scripts/operator.mjs COMMAND WORDS. It reads process.argv from 2 on. */
ensureInstalled();
ensureBuilt(['server']);
const [command] = process.argv.splice(2, 1);
await import(new URL(`../dist/server/${command}.js`, import.meta.url).href);
