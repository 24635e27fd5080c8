import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
ensureBuilt();
if (process.env.npm_lifecycle_event === 'start') endWithNpm();
// A path the type checker does not follow: it is there only now.
const server = new URL('../dist/server/main.js', import.meta.url);
await import(server.href);

/** Whoever ends npm means Atlas, but the shell between the two does not pass that on. */
function endWithNpm() {
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}
