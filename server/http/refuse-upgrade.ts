import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers a request to change protocols with a plain no. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  // It may be gone already: then nobody is left to be told.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
