const headEnd = Buffer.from('\r\n\r\n');
const headMost = 256 * 1024;

/** What is known of a message from its head: `POST /path HTTP/1.1` or `HTTP/1.1 200 OK`, and headers in lower case. */
export interface Head {
  start: string;
  headers: ReadonlyMap<string, string>;
}

type Body = { is: 'none' } | { is: 'sized'; left: number } | { is: 'chunked' } | { is: 'until-close' };

/**
 * Finds where one HTTP/1.1 message ends.
 *
 *   head → none: complete
 *        → sized: complete after that many bytes
 *        → chunked: size → data → size … → trailer → complete
 *        → until-close: complete when the connection ends
 *   reading → (a head without end, a chunk without size) → broken
 */
export class HttpReader {
  head: Head | null = null;
  state: 'reading' | 'complete' | 'broken' = 'reading';
  /** The decoded body, kept for requests only. */
  readonly body: Buffer[] = [];
  /** Bytes of the head, once it is known. */
  headLength = 0;
  private headBytes = Buffer.alloc(0);
  private rest: Body = { is: 'none' };
  private line = '';
  private chunk: { in: 'size' } | { in: 'data'; left: number } | { in: 'trailer' } = { in: 'size' };
  private readonly kind: 'request' | 'answer';
  private readonly bodiless: boolean;

  /** `bodiless`: the answer to a HEAD request, which announces a body and has none. */
  constructor(kind: 'request' | 'answer', bodiless = false) {
    this.kind = kind;
    this.bodiless = bodiless;
  }

  /** Takes what belongs to this message and says how many bytes that was. */
  take(bytes: Buffer): number {
    let taken = 0;
    while (this.state === 'reading' && taken < bytes.length) {
      const left = bytes.subarray(taken);
      taken += this.head === null ? this.takeHead(left) : this.takeBody(left);
    }
    return taken;
  }

  /** The connection ended: completes a message that has no other end. */
  ended(): void {
    if (this.head !== null && this.rest.is === 'until-close') this.state = 'complete';
  }

  private takeHead(bytes: Buffer): number {
    const before = this.headBytes.length;
    this.headBytes = Buffer.concat([this.headBytes, bytes]);
    const end = this.headBytes.indexOf(headEnd, Math.max(0, before - 3));
    if (end === -1) {
      if (this.headBytes.length > headMost) this.state = 'broken';
      return bytes.length;
    }
    this.headLength = end + headEnd.length;
    const taken = this.headLength - before;
    const [start = '', ...lines] = this.headBytes.toString('latin1', 0, end).split('\r\n');
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    this.head = { start, headers };
    this.rest = this.bodyOf(this.head);
    if (this.rest.is === 'none') this.state = 'complete';
    return taken;
  }

  private bodyOf({ start, headers }: Head): Body {
    const status = this.kind === 'answer' ? Number(start.split(' ')[1]) : 0;
    if (this.bodiless || (status >= 100 && status < 200) || status === 204 || status === 304) return { is: 'none' };
    if (/\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')) return { is: 'chunked' };
    const length = headers.get('content-length');
    if (length !== undefined) return Number(length) === 0 ? { is: 'none' } : { is: 'sized', left: Number(length) };
    return this.kind === 'request' ? { is: 'none' } : { is: 'until-close' };
  }

  private takeBody(bytes: Buffer): number {
    if (this.rest.is === 'chunked') return this.takeChunk(bytes);
    if (this.rest.is !== 'sized') return bytes.length;
    const taken = Math.min(this.rest.left, bytes.length);
    this.keep(bytes.subarray(0, taken));
    this.rest.left -= taken;
    if (this.rest.left === 0) this.state = 'complete';
    return taken;
  }

  private takeChunk(bytes: Buffer): number {
    if (this.chunk.in === 'data') {
      const taken = Math.min(this.chunk.left, bytes.length);
      // The two bytes after the data are its line end.
      const data = Math.min(taken, Math.max(0, this.chunk.left - 2));
      this.keep(bytes.subarray(0, data));
      this.chunk.left -= taken;
      if (this.chunk.left === 0) this.chunk = { in: 'size' };
      return taken;
    }
    const newline = bytes.indexOf(10);
    const taken = newline === -1 ? bytes.length : newline + 1;
    this.line += bytes.toString('latin1', 0, taken);
    if (newline !== -1) {
      const line = this.line.trim();
      this.line = '';
      if (this.chunk.in === 'trailer') {
        if (line === '') this.state = 'complete';
      } else {
        const size = Number.parseInt(line, 16);
        if (Number.isNaN(size)) this.state = 'broken';
        this.chunk = size === 0 ? { in: 'trailer' } : { in: 'data', left: size + 2 };
      }
    }
    return taken;
  }

  private keep(bytes: Buffer): void {
    if (this.kind === 'request') this.body.push(bytes);
  }
}
