import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from './answer.ts';

export const bodyBytesMost = 10_000_000;
/** Who signs in sends an address and a password, and need not have an account yet. */
export const authBytesMost = 100_000;
const lingerMs = 30_000;

/** The whole body; null when there is nothing more to do: too large and refused so, or the sender went away. */
export async function receiveBody(
  request: IncomingMessage,
  response: ServerResponse,
  most: number,
): Promise<Buffer<ArrayBuffer> | null> {
  const body = await readBody(request, most);
  if (body === 'aborted') return null;
  if (body !== 'too-large') return body;
  refuse(response, 413, 'too-large', 'The request is larger than this server accepts.');
  listenToTheEnd(request, most);
  return null;
}

async function readBody(
  request: IncomingMessage,
  most: number,
): Promise<Buffer<ArrayBuffer> | 'too-large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > most) return 'too-large';
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > most) {
        parts.length = 0;
        resolve('too-large');
      } else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('close', () => resolve('aborted'));
    request.once('error', () => resolve('aborted'));
  });
}

/** Who is cut off while sending never reads why. So the rest is heard and thrown away, for a while. */
function listenToTheEnd(request: IncomingMessage, most: number): void {
  let bytes = 0;
  const late = setTimeout(() => request.destroy(), lingerMs);
  request.once('close', () => clearTimeout(late));
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > 4 * most) request.destroy();
  });
  request.resume();
}
