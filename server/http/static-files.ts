import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { errorCode } from '../refusal.ts';
import { answerJson } from './answer.ts';
import { acceptedEncoding, compressWell, type Encoding, isText } from './encoding.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

interface StaticFile {
  content: Buffer;
  type: string;
  etag: string;
  cacheControl: string;
  compressed: Map<Encoding, Promise<Buffer>>;
}

export interface StaticFiles {
  serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * The built app, read once: what is served is one build as a whole also while another is written, and no path can name
 * anything else. Empty where nothing has been built.
 */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  for (const path of await filePaths(folder)) {
    const content = await readFile(path);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(name, {
      content,
      type: types[extname(path)] ?? 'application/octet-stream',
      etag: `W/"${createHash('sha256').update(content).digest('base64url')}"`,
      cacheControl: name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      compressed: new Map(),
    });
  }
  return { serve: (path, request, response) => serve(files, path, request, response) };
}

async function filePaths(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function serve(
  files: Map<string, StaticFile>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return answerJson(response, 405, { message: 'Files are only read.' });
  }
  const named = path === '/' ? '/index.html' : path;
  const file = files.get(named) ?? (isNavigation(path, request) ? files.get('/index.html') : undefined);
  if (file === undefined) {
    const built = files.has('/index.html');
    return answerJson(response, built ? 404 : 503, { message: built ? 'Not found.' : 'The app has not been built.' });
  }
  await send(file, request, response);
}

/** The app finds its way from any address that a person opens; a script or a picture that is missing stays missing. */
function isNavigation(path: string, request: IncomingMessage): boolean {
  if (path.startsWith('/assets/')) return false;
  const mode = request.headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return (request.headers.accept ?? '').includes('text/html');
}

async function send(file: StaticFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const head = { 'cache-control': file.cacheControl, etag: file.etag, vary: 'accept-encoding' };
  const known = (request.headers['if-none-match'] ?? '').split(',').map((etag) => etag.trim());
  if (known.includes(file.etag) || known.includes('*')) {
    response.writeHead(304, head).end();
    return;
  }
  const encoding = isText(file.type) ? acceptedEncoding(request.headers['accept-encoding']) : null;
  const content = encoding === null ? file.content : await compressed(file, encoding);
  if (encoding !== null) response.setHeader('content-encoding', encoding);
  response.writeHead(200, { ...head, 'content-type': file.type, 'content-length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function compressed(file: StaticFile, encoding: Encoding): Promise<Buffer> {
  const known = file.compressed.get(encoding);
  if (known !== undefined) return known;
  const made = compressWell(file.content, encoding);
  file.compressed.set(encoding, made);
  return made;
}
