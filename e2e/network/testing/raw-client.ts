import { connect, type Socket } from 'node:net';

/** A device without any manners of its own: sends bytes, keeps every byte that comes, and how the connection ended. */
export class RawClient {
  received = Buffer.alloc(0);
  private readonly socket: Socket;
  private error: string | null = null;
  private readonly changed = new Set<() => void>();
  private ending: 'closed' | null = null;

  constructor(address: string) {
    const { hostname, port } = new URL(address);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.tell();
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
    });
    this.socket.on('close', () => {
      this.ending = 'closed';
      this.tell();
    });
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends a POST with this body, or a GET without one; says what it sent. */
  ask(path: string, body?: string): string {
    const head = body === undefined ? `GET ${path}` : `POST ${path}`;
    const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
    const request = `${head} HTTP/1.1\r\nhost: atlas\r\n${length}\r\n${body ?? ''}`;
    this.send(request);
    return request;
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  /** Resolves when this text has come. */
  async gets(text: string): Promise<void> {
    await this.until(() => this.text.includes(text));
  }

  /** Resolves when the connection is over: `ECONNRESET`, `ECONNREFUSED`, or `closed` where it ended politely. */
  async ends(): Promise<string> {
    await this.until(() => this.ending !== null);
    return this.error ?? 'closed';
  }

  get open(): boolean {
    return this.ending === null;
  }

  close(): void {
    this.socket.destroy();
  }

  private async until(met: () => boolean): Promise<void> {
    while (!met()) await new Promise<void>((resolve) => this.changed.add(resolve));
  }

  private tell(): void {
    const waiting = [...this.changed];
    this.changed.clear();
    for (const resolve of waiting) resolve();
  }
}
