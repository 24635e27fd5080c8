import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { acceptedEncoding, compressQuickly, worthBytes } from './encoding.ts';

/** Sends JSON that is text already, compressed where that is worth while; no cache keeps it. */
export async function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
): Promise<void> {
  const content = Buffer.from(text);
  const head = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  const encoding = content.length < worthBytes ? null : acceptedEncoding(request.headers['accept-encoding']);
  if (encoding === null) {
    response.writeHead(status, { ...head, 'content-length': content.length }).end(content);
    return;
  }
  response.writeHead(status, { ...head, 'content-encoding': encoding, vary: 'accept-encoding' });
  await pipeline(Readable.from([content]), compressQuickly(encoding), response);
}
