import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { refuseUpgrade } from '../http/refuse-upgrade.ts';
import type { Audience } from './audience.ts';
import { type Connection, serveConnection } from './connection.ts';
import { type Version, versions } from './phoenix-message.ts';
import { makeWaitingRoom } from './waiting-room.ts';

export interface RealtimeParts {
  audience: Audience;
  publishableKey: string;
  jwtSecret: string;
}

export interface Realtime {
  /** Makes a request for a WebSocket one, or refuses it. */
  upgrade(url: URL, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all connections; who wants one from now on is refused. */
  stop(): Promise<void>;
}

export const realtimePath = '/realtime/v1/websocket';

/** Not counting those that have not joined yet. */
const connectionsMost = 10_000;
const lookMs = 15_000;
const farewellMs = 1_000;

/** The part of Supabase Realtime that supabase-js needs for a user's own private channel. */
export function openRealtime({ audience, publishableKey, jwtSecret }: RealtimeParts): Realtime {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64_000, perMessageDeflate: false });
  const connections = new Set<Connection>();
  const waiting = makeWaitingRoom();
  const looking = setInterval(() => {
    for (const connection of connections) connection.look();
  }, lookMs).unref();
  let stopped = false;

  return {
    upgrade(url, request, socket, head) {
      const version = versionOf(url);
      if (url.pathname !== realtimePath || version === null) return refuseUpgrade(socket, 404);
      if (url.searchParams.get('apikey') !== publishableKey) return refuseUpgrade(socket, 401);
      if (stopped || connections.size - waiting.size() >= connectionsMost) return refuseUpgrade(socket, 503);
      const letIn = waiting.enter(request.socket.remoteAddress ?? '');
      if (letIn === null) return refuseUpgrade(socket, 429);
      // Also where it does not become a WebSocket after all.
      socket.once('close', letIn);
      const now = () => Date.now();
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const connection = serveConnection({ socket: opened, version, audience, jwtSecret, now, letIn });
        connections.add(connection);
        opened.once('close', () => connections.delete(connection));
      });
    },
    async stop() {
      stopped = true;
      clearInterval(looking);
      const closed = [...sockets.clients].map((socket) => once(socket, 'close'));
      for (const connection of connections) connection.end();
      const patience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, farewellMs);
      await Promise.all(closed);
      clearTimeout(patience);
    },
  };
}

function versionOf(url: URL): Version | null {
  const asked = url.searchParams.get('vsn') ?? '1.0.0';
  return versions.find((version) => version === asked) ?? null;
}
