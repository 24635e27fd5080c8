import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server that remembers each request it got whole, and answers `METHOD path body`. */
export interface EchoServer {
  address: string;
  heard: string[];
  /** Resolves when it has heard this many. */
  hears(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** `/chunked` is answered in chunks, `/until-close` without a length, `/early` after an informational answer. */
export async function startEchoServer(): Promise<EchoServer> {
  const heard: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const said = `${request.method} ${request.url} ${Buffer.concat(parts)}`;
      heard.push(said);
      for (const wait of waiting) if (wait.count <= heard.length) wait.resolve();
      if (request.url === '/early') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      if (request.url === '/until-close') response.useChunkedEncodingByDefault = false;
      if (request.url === '/chunked' || request.url === '/until-close') {
        response.write(said.slice(0, 5));
        response.end(said.slice(5));
      } else response.setHeader('content-length', Buffer.byteLength(said)).end(said);
    });
    request.on('error', () => response.destroy());
  });
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n');
    socket.pipe(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    hears: (count) =>
      heard.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
