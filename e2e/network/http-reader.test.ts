import { expect, test } from 'vitest';
import { HttpReader } from './http-reader.ts';

const next = 'GET /next HTTP/1.1\r\n\r\n';

/** How many bytes of `text` belong to its first message, when it comes in pieces of this size. */
function length(kind: 'request' | 'answer', text: string, piece: number, bodiless = false): number {
  const reader = new HttpReader(kind, bodiless);
  const bytes = Buffer.from(text, 'latin1');
  let taken = 0;
  for (let at = 0; at < bytes.length && reader.state === 'reading'; at += piece) {
    taken += reader.take(bytes.subarray(at, at + piece));
  }
  expect(reader.state).toBe('complete');
  return taken;
}

const messages: [name: string, kind: 'request' | 'answer', text: string][] = [
  ['a request without a body', 'request', 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['a request with a length', 'request', 'POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello'],
  [
    'a request in chunks',
    'request',
    'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nx: y\r\n\r\n',
  ],
  ['an answer with a length', 'answer', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
  ['an answer without a body', 'answer', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 20\r\n\r\n'],
  ['an empty answer', 'answer', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['an informational answer', 'answer', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'],
];

for (const [name, kind, text] of messages) {
  test(`the end of ${name} is found, whole or byte by byte`, () => {
    for (const piece of [1, 2, 3, 7, 1000]) expect(length(kind, text + next, piece)).toBe(text.length);
  });
}

test('the body of a request in chunks is read without its framing', () => {
  const reader = new HttpReader('request');
  const text = 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n2\r\n !\r\n0\r\n\r\n';
  for (const byte of Buffer.from(text)) reader.take(Buffer.from([byte]));
  expect(Buffer.concat(reader.body).toString()).toBe('hello !');
});

test('the answer to a HEAD request ends with its head', () => {
  const text = 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n';
  expect(length('answer', text + next, 4, true)).toBe(text.length);
});

test('an answer without a length ends with its connection', () => {
  const reader = new HttpReader('answer');
  reader.take(Buffer.from('HTTP/1.1 200 OK\r\n\r\nsome'));
  expect(reader.state).toBe('reading');
  reader.ended();
  expect(reader.state).toBe('complete');
});

test('what is not HTTP is found out', () => {
  const endless = new HttpReader('request');
  endless.take(Buffer.alloc(300_000, 'x'));
  expect(endless.state).toBe('broken');
  const chunks = new HttpReader('answer');
  chunks.take(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nwhat?\r\n'));
  expect(chunks.state).toBe('broken');
});
