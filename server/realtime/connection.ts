import type { WebSocket } from 'ws';
import type { Audience } from './audience.ts';
import { openChannel } from './channel.ts';
import { type Message, readMessage, type Version, writeMessage } from './phoenix-message.ts';

export interface ConnectionParts {
  socket: WebSocket;
  version: Version;
  audience: Audience;
  jwtSecret: string;
  now(): number;
  /** Called when it has joined, and counts as somebody's. */
  letIn(): void;
}

export interface Connection {
  /** Ends it if nothing was heard of it for too long, or if it joined nothing. */
  look(): void;
  /** Tells the other end that the server goes. */
  end(): void;
}

/** Clients say something every 25 seconds; who says nothing for this long is gone. */
const silenceMostMs = 60_000;
/** Clients that have left their channel keep the connection for 50 seconds. */
const aloneMostMs = 60_000;
/** Clients join as soon as they are connected; who has not by then keeps others from a place. */
const firstJoinMs = 10_000;
/** What waits to be sent to one that does not read; then it is dropped, and asks when it is back. */
const unsentMost = 64_000;
const answerMs = 3_000;
const floodMs = 10_000;
const floodMost = 100;

/** Serves one client until its connection closes. */
export function serveConnection({ socket, version, audience, jwtSecret, now, letIn }: ConnectionParts): Connection {
  let lastHeard = now();
  let lastJoined = now();
  let flood = { since: now(), messages: 0 };
  const channel = openChannel({ audience, jwtSecret, now, send, answers });
  const unjoined = setTimeout(() => socket.terminate(), firstJoinMs).unref();

  function send(message: Message): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > unsentMost) socket.terminate();
    else socket.send(writeMessage(message, version));
  }

  function answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        socket.terminate();
        finish(false);
      }, answerMs);
      const pong = () => finish(true);
      const gone = () => finish(false);
      function finish(there: boolean): void {
        clearTimeout(late);
        socket.off('pong', pong);
        socket.off('close', gone);
        resolve(there);
      }
      socket.once('pong', pong);
      socket.once('close', gone);
      if (socket.readyState === socket.OPEN) socket.ping();
      else finish(false);
    });
  }

  function isFlooding(): boolean {
    if (now() - flood.since > floodMs) flood = { since: now(), messages: 0 };
    flood.messages += 1;
    return flood.messages > floodMost;
  }

  async function hear(text: string): Promise<void> {
    const message = readMessage(text, version);
    if (message === null) return socket.close(1007, 'not a message');
    const { joinRef, ref, topic } = message;
    if (topic !== 'phoenix') {
      await channel.heard(message);
      if (!channel.joined()) return;
      clearTimeout(unjoined);
      return letIn();
    }
    send({ joinRef, ref, topic, event: 'phx_reply', payload: { status: 'ok', response: {} } });
  }

  socket.on('message', (data, isBinary) => {
    lastHeard = now();
    if (isFlooding()) return socket.close(1008, 'too many messages');
    // What clients broadcast comes as bytes: nobody may.
    if (isBinary) return socket.close(1003, 'nothing can be sent here');
    // Nothing in it waits for anything that can fail.
    void hear(String(data));
  });
  socket.on('pong', () => {
    lastHeard = now();
  });
  // The close that follows says all there is to say.
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearTimeout(unjoined);
    channel.close();
  });

  return {
    look() {
      if (channel.joined()) lastJoined = now();
      if (now() - lastHeard > silenceMostMs || now() - lastJoined > aloneMostMs) socket.terminate();
    },
    end: () => socket.close(1001, 'the server stops'),
  };
}
