import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { logError } from '../log.ts';
import { errorCode, Refusal } from '../refusal.ts';
import { answerJson, refuse } from './answer.ts';
import { passOverUpgrade, wantsWebSocket } from './pass-over-upgrade.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { securityHeaders } from './security-headers.ts';

export type Answer = (url: URL, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Answers a request for a WebSocket. */
export type Upgrade = (url: URL, request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpServer {
  address: string;
  /** From now on requests are answered; until then they are asked to come again. */
  open(answer: Answer, upgrade?: Upgrade): void;
  /** Lets what is under way end, for a moment, and closes every connection. */
  close(): Promise<void>;
}

const loopback = ['127.0.0.1', '::1'];

/** Takes the port. `host` null: the loopback addresses of both kinds, which is what "localhost" means to a browser. */
export async function listen(host: string | null, port: number): Promise<HttpServer | Refusal> {
  let answer: Answer = async (_url, _request, response) => refuse(response, 503, 'busy', 'Atlas is starting.', 1);
  let upgrade: Upgrade = (_url, _request, socket) => refuseUpgrade(socket, 503);
  const servers: Server[] = [];
  /** Connections that the servers gave away, and no longer end by themselves. */
  const upgraded = new Set<Duplex>();
  const close = async () => void (await Promise.all(servers.map((server) => closeServer(server, upgraded))));
  let taken = port;
  for (const address of host === null ? loopback : [host]) {
    const server = createHttpServer((url, request, response) => answer(url, request, response));
    server.on('upgrade', (request, socket, head) => {
      if (!wantsWebSocket(request)) return passOverUpgrade(server, request, socket, head);
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      const url = requestUrl(request);
      if (url === null) refuseUpgrade(socket, 400);
      else upgrade(url, request, socket, head);
    });
    const problem = await startListening(server, address, taken);
    if (problem === null) {
      servers.push(server);
      taken = (server.address() as AddressInfo).port;
    } else if (servers.length === 0 || problem === 'EADDRINUSE') {
      await close();
      return new Refusal('port', cannotListen(problem, host, taken));
    }
  }
  return {
    address: `http://${shownHost(host)}:${taken}`,
    open(next, nextUpgrade = (_url, _request, socket) => refuseUpgrade(socket, 404)) {
      answer = next;
      upgrade = nextUpgrade;
    },
    close,
  };
}

function createHttpServer(answer: Answer): Server {
  // How often the time-outs below are looked at.
  const server = createServer({ connectionsCheckingInterval: 5_000 }, (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(request.headers.host))) response.setHeader(name, value);
    const url = requestUrl(request);
    if (url === null) return answerJson(response, 400, { message: 'This address cannot be read.' });
    answer(url, request, response).catch((error: unknown) => {
      // The other side went away: nobody is left to be told.
      if (response.destroyed || errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') return;
      logError('A request failed', error);
      if (response.headersSent) response.destroy();
      else refuse(response, 503, 'busy', 'Something went wrong here.', 5);
    });
  });
  server.headersTimeout = 20_000;
  // A request of the allowed size over a slow phone takes minutes.
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** The address asked for, or null: dots are resolved here, so no part ever sees a path that leads out of it. */
function requestUrl(request: IncomingMessage): URL | null {
  const target = request.url ?? '';
  if (!target.startsWith('/') || !URL.canParse(`http://localhost${target}`)) return null;
  try {
    const url = new URL(`http://localhost${target}`);
    decodeURI(url.pathname);
    return url;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function startListening(server: Server, host: string, port: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = errorCode(error);
      if (code === null) reject(error);
      else resolve(code);
    });
    server.listen({ host, port, ipv6Only: host === '::1' }, () => resolve(null));
  });
}

function cannotListen(code: string, host: string | null, port: number): string {
  const where = host === null ? `Port ${port}` : `Port ${port} of ${host}`;
  if (code === 'EADDRINUSE') return `${where} is taken by another program: set PORT to a free one.`;
  if (code === 'EACCES') return `${where} is not open to this user: set PORT to one above 1023.`;
  return `Atlas cannot listen on ${host ?? 'localhost'} (${code}): set HOST to an address of this machine.`;
}

function shownHost(host: string | null): string {
  if (host === null || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function closeServer(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  }, 2_000);
  await closed;
  clearTimeout(patience);
}
