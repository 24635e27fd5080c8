import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
ensureBuilt(['server']);
const command = new URL('../dist/server/tier.js', import.meta.url);
await import(command.href);
