import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** So long the other side may take to read that it was refused. */
const readMs = 5_000;

/** Answers a request to change protocols with a plain no, and lets go of the connection. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  // It may be gone already: then nobody is left to be told.
  socket.on('error', () => socket.destroy());
  const late = setTimeout(() => socket.destroy(), readMs).unref();
  socket.once('close', () => clearTimeout(late));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  // Not left to the other side, which may keep its half open for ever.
  socket.end(head, () => socket.destroy());
}
