import type { IncomingMessage } from 'node:http';

export const bodyBytesMost = 10_000_000;

/** The whole body; or that it is larger than accepted; or that the sender went away. */
export async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | 'too-large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMost) return 'too-large';
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > bodyBytesMost) resolve('too-large');
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('close', () => resolve('aborted'));
    request.once('error', () => resolve('aborted'));
  });
}
