import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorCode, Refusal } from '../refusal.ts';
import type { Supabase } from '../supabase.ts';
import { type HttpServer, listen } from './http-server.ts';
import { answerRequests } from './requests.ts';
import { hostedSources } from './security-headers.ts';
import { readStaticFiles } from './static-files.ts';
import { answerBySupabase } from './supabase-requests.ts';

let folder: string;
let server: HttpServer;
let healthy = true;
let seen: { url: string; body: string; headers: Headers; peer: string | null }[] = [];

const supabase: Supabase = {
  async fetch(request, peer) {
    seen.push({ url: request.url, body: await request.text(), headers: request.headers, peer });
    return Response.json({ said: 'again and '.repeat(500) }, { status: 403, headers: { 'x-of-supabase': '1' } });
  },
};

async function listening(host: string | null, port: number): Promise<HttpServer> {
  const taken = await listen(host, port);
  if (taken instanceof Refusal) throw new Error(taken.sentence);
  return taken;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-static-'));
  await mkdir(join(folder, 'app', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'app', 'index.html'), '<!doctype html><title>Atlas</title>');
  await writeFile(join(folder, 'app', 'service-worker.js'), 'self.x = 1;');
  await writeFile(join(folder, 'app', 'manifest.webmanifest'), '{}');
  await writeFile(join(folder, 'app', 'assets', 'page-abc.js'), `const text = '${'long '.repeat(1_000)}';`);
  server = await listening(null, 0);
  server.open(
    answerRequests({
      database: { check: () => (healthy ? Promise.resolve() : Promise.reject(new Error('down'))) },
      supabase: (...asked) => answerBySupabase(supabase, ...asked),
      sync: null,
      publishableKey: 'sb_publishable_test',
      files: await readStaticFiles(join(folder, 'app')),
    }),
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sends a request line as it stands, which fetch would tidy up. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.once('error', reject).end();
  });
}

test('files with a hash in their name are kept for ever, the page and the worker are asked for every time', async () => {
  const cacheOf = async (path: string) => (await fetch(server.address + path)).headers.get('cache-control');
  expect(await cacheOf('/assets/page-abc.js')).toBe('public, max-age=31536000, immutable');
  for (const path of ['/', '/index.html', '/service-worker.js', '/manifest.webmanifest']) {
    expect(await cacheOf(path)).toBe('no-cache');
  }
});

test('every file has its type', async () => {
  const typeOf = async (path: string) => (await fetch(server.address + path)).headers.get('content-type');
  expect(await typeOf('/')).toBe('text/html; charset=utf-8');
  expect(await typeOf('/service-worker.js')).toBe('text/javascript; charset=utf-8');
  expect(await typeOf('/manifest.webmanifest')).toBe('application/manifest+json');
});

test('a file that has not changed is not sent again', async () => {
  const etag = (await fetch(`${server.address}/service-worker.js`)).headers.get('etag') ?? '';
  const again = await fetch(`${server.address}/service-worker.js`, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test.each(['br', 'gzip'])('text is sent compressed with %s', async (encoding) => {
  const answer = await fetch(`${server.address}/assets/page-abc.js`, { headers: { 'accept-encoding': encoding } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(Number(answer.headers.get('content-length'))).toBeLessThan(1_000);
  expect(await answer.text()).toContain('long long');
});

test('an address of the app opens the app; a script that is missing stays missing', async () => {
  const page = { accept: 'text/html' };
  expect(await raw('/c/01900000', page)).toMatchObject({ status: 200, body: expect.stringContaining('<title>Atlas') });
  expect(await raw('/c/01900000', { 'sec-fetch-mode': 'navigate' })).toMatchObject({ status: 200 });
  expect(await raw('/c/01900000', { 'sec-fetch-mode': 'cors', ...page })).toMatchObject({ status: 404 });
  expect(await raw('/assets/gone.js', page)).toMatchObject({ status: 404 });
  expect(await raw('/gone.js')).toMatchObject({ status: 404 });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//etc/passwd',
  '/etc/passwd%00.html',
])('%s does not lead out of the app', async (path) => {
  const { status, body } = await raw(path);
  expect([status, body.includes('secret')]).toEqual([404, false]);
});

test('an address that cannot be read is a bad request', async () => {
  expect((await raw('/%ff')).status).toBe(400);
  expect((await raw('http://elsewhere/')).status).toBe(400);
});

test('files are only read', async () => {
  expect((await fetch(server.address, { method: 'POST' })).status).toBe(405);
});

test('every answer says what it may do: no inline script, no frame, no guessing of types', async () => {
  for (const path of ['/', '/config.json', '/rest/v1/x', '/gone.js', '/%ff']) {
    const { headers } = await fetch(server.address + path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('it may open sockets to where it comes from, and a host that is none gets into no header', async () => {
  const policyFor = async (host: string) => {
    const { hostname, port } = new URL(server.address);
    return new Promise<string>((resolve, reject) => {
      const asked = httpRequest({ hostname, port, path: '/', headers: { host } }, (response) => {
        response.resume();
        resolve(String(response.headers['content-security-policy']));
      });
      asked.once('error', reject).end();
    });
  };
  expect(await policyFor('atlas.example:8080')).toContain(
    "connect-src 'self' ws://atlas.example:8080 wss://atlas.example:8080;",
  );
  expect(await policyFor('[::1]:4321')).toContain("connect-src 'self' ws://[::1]:4321 wss://[::1]:4321;");
  expect(await policyFor("x; script-src 'unsafe-inline'")).toContain("connect-src 'self';");
});

test('an app that was built for a hosted project may speak to it, and to nothing else', () => {
  expect(hostedSources('https://abc.supabase.co/')).toEqual(['https://abc.supabase.co', 'wss://abc.supabase.co']);
  expect(hostedSources(undefined)).toEqual([]);
  expect(hostedSources('not an address')).toEqual([]);
});

test('the configuration says that Supabase is where the page comes from', async () => {
  const answer = await fetch(`${server.address}/config.json`);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toEqual({ supabaseUrl: '', publishableKey: 'sb_publishable_test' });
});

test('it is healthy as long as its database answers', async () => {
  expect((await fetch(`${server.address}/health`)).status).toBe(200);
  healthy = false;
  expect((await fetch(`${server.address}/health`)).status).toBe(503);
  healthy = true;
});

test('requests to Supabase and its answers pass unchanged, but for what is between the two ends', async () => {
  seen = [];
  const answer = await fetch(`${server.address}/rest/v1/rpc/sync?x=1`, {
    method: 'POST',
    headers: { apikey: 'k', 'accept-encoding': 'br' },
    body: '{"request":"ä"}',
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('x-of-supabase')).toBe('1');
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await answer.json()).said).toContain('again and');
  const [asked] = seen;
  expect(asked).toMatchObject({ body: '{"request":"ä"}', url: expect.stringMatching(/\/rest\/v1\/rpc\/sync\?x=1$/) });
  expect(asked?.peer).toMatch(/127\.0\.0\.1|::1/);
  expect([asked?.headers.get('apikey'), asked?.headers.get('connection')]).toEqual(['k', null]);
});

test('answers with tokens are not compressed', async () => {
  const answer = await fetch(`${server.address}/auth/v1/token`, { method: 'POST', body: '{}' });
  expect(answer.headers.get('content-encoding')).toBeNull();
});

test('no address leads to a part of Supabase that is not served', async () => {
  seen = [];
  for (const path of ['/auth/v1/../../_system', '/_system', '/storage/v1/x', '/rest/v1']) await raw(path);
  expect(seen).toEqual([]);
});

/** Writes a request by hand, and goes on writing; reads until this is said, or the connection closed. */
function overSocket(head: string, keepSending: string | null, until: string): Promise<string> {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let said = '';
    const more = () => {
      while (keepSending !== null && !socket.destroyed && socket.write(keepSending));
    };
    socket.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes(until)) socket.destroy();
    });
    socket.on('drain', more);
    socket.on('error', reject);
    socket.on('close', () => resolve(said));
    socket.write(head, more);
  });
}

test('a body of more than 10 MB is refused in the words of the protocol, announced or not', async () => {
  seen = [];
  const head = 'POST /rest/v1/rpc/sync HTTP/1.1\r\nHost: atlas\r\n';
  const refused = '"code":"too-large"';
  const chunk = `${(1 << 16).toString(16)}\r\n${'a'.repeat(1 << 16)}\r\n`;
  const announced = await overSocket(`${head}Content-Length: 10000001\r\n\r\n`, null, refused);
  const streamed = await overSocket(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, refused);
  for (const said of [announced, streamed]) {
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    expect(said).toContain(refused);
  }
  expect(seen).toEqual([]);
});

test('who sends too much is heard out, so that the refusal is read; who never ends is cut off', async () => {
  const answer = await fetch(`${server.address}/rest/v1/x`, { method: 'POST', body: 'a'.repeat(30_000_000) });
  expect([answer.status, (await answer.json()).code]).toEqual([413, 'too-large']);
  const chunk = `${(1 << 16).toString(16)}\r\n${'a'.repeat(1 << 16)}\r\n`;
  const head = 'POST /rest/v1/x HTTP/1.1\r\nHost: atlas\r\nTransfer-Encoding: chunked\r\n\r\n';
  const cutOff = await overSocket(head, chunk, 'never said').catch((error: unknown) => errorCode(error));
  expect(cutOff).toMatch(/too-large|ECONNRESET|EPIPE/);
});

test('what is sent to sign in is short', async () => {
  const answer = await fetch(`${server.address}/auth/v1/signup`, { method: 'POST', body: 'a'.repeat(200_000) });
  expect(answer.status).toBe(413);
});

test('a sender that goes away in the middle of a request disturbs nobody', async () => {
  seen = [];
  const { port } = new URL(server.address);
  const socket = connect(Number(port), '127.0.0.1');
  const beginning = 'POST /rest/v1/rpc/sync HTTP/1.1\r\nHost: atlas\r\nContent-Length: 100\r\n\r\nabc';
  // Once it is written it arrives before the end does.
  await new Promise((resolve) => socket.write(beginning, resolve));
  socket.destroy();
  expect((await fetch(`${server.address}/health`)).status).toBe(200);
  expect(seen).toEqual([]);
});

test('until it is open, every request is told to come again', async () => {
  const starting = await listening('127.0.0.1', 0);
  const answer = await fetch(starting.address);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await answer.json()).toMatchObject({ is: 'refused', code: 'busy', retryAfter: 1 });
  await starting.close();
});

test('a port that is taken is named', async () => {
  const port = Number(new URL(server.address).port);
  expect(await listen(null, port)).toEqual(
    new Refusal('port', `Port ${port} is taken by another program: set PORT to a free one.`),
  );
});

test('closing ends connections that are kept open', async () => {
  const closing = await listening(null, 0);
  closing.open(async (_url, _request, response) => void response.end('x'));
  await (await fetch(closing.address)).text();
  await closing.close();
  await expect(fetch(closing.address)).rejects.toThrow();
});

/** A client that asks for a WebSocket and keeps its half of the connection open, whatever it is told. */
async function stubborn(address: string): Promise<string> {
  const { port, hostname } = new URL(address);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.write('GET / HTTP/1.1\r\nHost: atlas\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  // Reset by the other side: it has what it waited for.
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => socket.once('data', (said) => resolve(String(said))));
}

test('who is refused a WebSocket and stays is let go of: closing waits for nobody', async () => {
  const closing = await listening('127.0.0.1', 0);
  closing.open(async (_url, _request, response) => void response.end('x'));
  expect(await stubborn(closing.address)).toMatch(/^HTTP\/1\.1 404 /);
  const start = performance.now();
  await closing.close();
  expect(performance.now() - start).toBeLessThan(1_500);
});

test('closing ends what a WebSocket has left open', async () => {
  const closing = await listening('127.0.0.1', 0);
  closing.open(
    async (_url, _request, response) => void response.end('x'),
    (_url, _request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  );
  expect(await stubborn(closing.address)).toMatch(/^HTTP\/1\.1 101 /);
  await closing.close();
});

test('a request that offers HTTP/2 is answered like any other, with its body', async () => {
  seen = [];
  const offer = 'Host: atlas\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  const page = await overSocket(`GET / HTTP/1.1\r\n${offer}\r\n`, null, 'never said');
  expect(page).toMatch(/^HTTP\/1\.1 200 /);
  expect(page).toContain('<title>Atlas');
  const post = `POST /rest/v1/rpc/sync HTTP/1.1\r\n${offer}Content-Length: 5\r\n\r\nhello`;
  expect(await overSocket(post, null, 'never said')).toMatch(/^HTTP\/1\.1 403 /);
  expect(seen).toMatchObject([{ body: 'hello' }]);
});
