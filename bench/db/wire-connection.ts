import { once } from 'node:events';
import { connect } from 'node:net';

/** A connection that sends prepared statements and reads no more of the answers than it must, so that the client costs little. */
export interface WireConnection {
  prepare(name: string, sql: string): Promise<void>;
  /** Sends one frame and waits until the server is ready again; the first column of the last row, if it is wanted. */
  send(frame: Buffer, wanted?: boolean): Promise<string>;
  close(): void;
}

/** One call: statements that were prepared with their parameters, all in one round trip and one transaction. */
export function frameOf(calls: [statement: string, ...parameters: string[]][]): Buffer {
  const parts: Buffer[] = [];
  for (const [statement, ...parameters] of calls) {
    const values = parameters.flatMap((text) => {
      const bytes = Buffer.from(text);
      return [int32(bytes.length), bytes];
    });
    parts.push(message('B', [text(''), text(statement), int16(0), int16(parameters.length), ...values, int16(0)]));
    parts.push(message('E', [text(''), int32(0)]));
  }
  parts.push(message('S', []));
  return Buffer.concat(parts);
}

/** Connects with a password that the server asks for in clear, on this machine. */
export async function openWire(port: number, database: string): Promise<WireConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let waiting: { resolve(row: string): void; reject(error: Error): void; wanted: boolean } | null = null;
  // Of the message that is being read: its beginning until its type and length are known, then how much is to come.
  const header = Buffer.alloc(5);
  let known = 0;
  let left = 0;
  let kept: Buffer[] | null = null;
  let row = '';
  let problem: Error | null = null;

  function finish(): void {
    const type = header[0];
    const body = kept === null ? null : Buffer.concat(kept);
    known = 0;
    kept = null;
    if (type === 0x52 && body?.readInt32BE(0) === 3) socket.write(message('p', [text('test')]));
    else if (type === 0x44 && body !== null) row = body.toString('utf8', 6);
    else if (type === 0x45) problem = new Error(`PostgreSQL: ${body?.toString('utf8').replaceAll('\0', ' ')}`);
    else if (type === 0x5a) {
      const done = waiting;
      waiting = null;
      if (problem === null) done?.resolve(row);
      else done?.reject(problem);
      problem = null;
    }
  }

  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (known < 5) {
        header[known++] = chunk[at++] ?? 0;
        if (known < 5) continue;
        left = header.readInt32BE(1) - 4;
        const type = header[0];
        if (type === 0x52 || type === 0x45 || (type === 0x44 && waiting?.wanted === true)) kept = [];
      } else {
        const taken = Math.min(left, chunk.length - at);
        kept?.push(Buffer.from(chunk.subarray(at, at + taken)));
        at += taken;
        left -= taken;
      }
      if (left === 0) finish();
    }
  });
  const lose = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('error', lose);
  socket.on('close', () => lose(new Error('the connection was closed')));
  await once(socket, 'connect');

  function send(frame: Buffer, wanted = false): Promise<string> {
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject, wanted };
      row = '';
      socket.write(frame);
    });
  }
  const settings = ['user', 'supabase_admin', 'database', database, ''].map(text);
  await send(message('', [int32(196_608), ...settings]));
  return {
    prepare: async (name, sql) => {
      await send(Buffer.concat([message('P', [text(name), text(sql), int16(0)]), message('S', [])]));
    },
    send,
    close: () => socket.end(message('X', [])),
  };
}

function message(type: string, parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
