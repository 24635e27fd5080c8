import { WebSocket } from 'ws';

/** A client that only listens, as small as can be. */
export interface Listener {
  /** When it heard of this write, whose seq is known only afterwards. */
  heard(writing: Promise<{ above: number }>): Promise<number>;
  close(): void;
}

/** Joins the channel of a user; resolves when it stands. */
export function openListener(address: string, key: string, user: string, token: string): Promise<Listener> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}&vsn=2.0.0`);
  const beat = setInterval(() => socket.send('[null,"0","phoenix","heartbeat",{}]'), 25_000);
  let last = { seq: 0, at: 0 };
  let hear: () => void = () => undefined;
  const listener: Listener = {
    async heard(writing) {
      const { above } = await writing;
      while (last.seq <= above) {
        await new Promise<void>((resolve) => {
          hear = resolve;
        });
      }
      return last.at;
    },
    close() {
      clearInterval(beat);
      socket.terminate();
    },
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.once('open', () => {
      const join = { config: { private: true }, access_token: token };
      socket.send(JSON.stringify(['1', '1', `realtime:user:${user}`, 'phx_join', join]));
    });
    socket.on('message', (data) => {
      const at = performance.now();
      const [, , , event, payload] = JSON.parse(String(data));
      if (event === 'phx_reply' && payload.status === 'error') reject(new Error(payload.response.reason));
      else if (event === 'phx_reply') resolve(listener);
      if (event !== 'broadcast') return;
      last = { seq: payload.payload.seq, at };
      hear();
    });
  });
}
