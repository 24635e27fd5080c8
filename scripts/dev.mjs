import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';

/** The page and its worker with hot reload, before a built server; after a change in server/ or supabase/ start it again. */
ensureInstalled();
ensureBuilt(['server']);

const main = fileURLToPath(new URL('../dist/server/main.js', import.meta.url));
const api = spawn(process.execPath, [main], {
  env: { ...process.env, PORT: '0', HOST: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(api, 'close');
const address = await Promise.race([addressOf(api), ended.then(() => null)]);
if (address === null) process.exit(1);

const { createServer } = await import('vite');
const port = Number(process.env.PORT || 4321);
const host = process.env.HOST || 'localhost';
const served = ['/auth/v1', '/rest/v1', '/realtime/v1', '/config.json', '/health'];
const page = await createServer({
  server: {
    port,
    host,
    strictPort: true,
    proxy: Object.fromEntries(
      served.map((path) => [path, { target: address, changeOrigin: false, ws: path === '/realtime/v1' }]),
    ),
  },
});
try {
  await page.listen();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}: set PORT to a free one.\n`);
  api.kill('SIGTERM');
  await ended;
  process.exit(1);
}
page.printUrls();

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => api.kill('SIGTERM'));
}
const [code] = await ended;
await page.close();
process.exit(code ?? 1);

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, null>} server
 * @returns {Promise<string>}
 */
function addressOf(server) {
  return new Promise((resolve) => {
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /running at (http:\/\/\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}
