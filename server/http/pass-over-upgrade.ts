import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const ofTheOffer = ['upgrade', 'connection', 'http2-settings'];

/** Whether the request wants a WebSocket. What else is offered, such as HTTP/2 by curl, need not be taken up. */
export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/** Has a request that offers another protocol answered as if it did not; the connection ends with the answer. */
export function passOverUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let nth = 0; nth < rawHeaders.length; nth += 2) {
    const name = rawHeaders[nth] ?? '';
    if (!ofTheOffer.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[nth + 1]}`);
  }
  lines.push('Connection: close', '', '');
  // The parser stopped after the head, because what follows would be of the other protocol.
  socket.unshift(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), head]));
  server.emit('connection', socket);
}
