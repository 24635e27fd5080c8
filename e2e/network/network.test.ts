import { expect, test } from 'vitest';
import { cutAnswer, cutRequest, slowAnswer } from './faults.ts';
import { openLab } from './testing/lab.ts';

const lab = openLab();

test('without rules everything goes through, one request after another on one connection', async () => {
  const a = lab.device();
  a.ask('/one', 'hello');
  await a.gets('POST /one hello');
  a.ask('/chunked', 'pieces');
  await a.gets('0\r\n\r\n');
  a.ask('/early');
  await a.gets('GET /early ');
  expect(lab.server.heard).toEqual(['POST /one hello', 'POST /chunked pieces', 'GET /early ']);
  expect(
    lab.network.requests().map(({ path, status, answered, connection }) => [path, status, answered, connection]),
  ).toEqual([
    ['/one', 200, true, 1],
    ['/chunked', 200, true, 1],
    ['/early', 200, true, 1],
  ]);
});

test('requests sent together are answered in their order', async () => {
  const a = lab.device();
  a.send('GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n');
  await a.gets('GET /2 ');
  expect(a.text.indexOf('GET /1 ')).toBeLessThan(a.text.indexOf('GET /2 '));
});

test('an answer that ends with its connection is passed on with its end', async () => {
  const a = lab.device();
  a.ask('/until-close');
  expect(await a.ends()).toBe('closed');
  expect(a.text).toMatch(/GET \/until-close $/);
  expect(lab.network.requests()[0]?.answered).toBe(true);
});

test('an upgraded connection carries bytes both ways', async () => {
  const a = lab.device();
  a.send('GET /live HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  await a.gets('101 Switching');
  a.send('ping');
  await a.gets('ping');
});

test('what is not HTTP ends its connection and nothing else', async () => {
  const a = lab.device();
  a.send(Buffer.alloc(300_000, 'x'));
  expect(await a.ends()).toBe('ECONNRESET');
  const b = lab.device();
  b.ask('/still');
  await b.gets('GET /still ');
});

test('refused: nobody listens, open connections are reset, and afterwards it is the same address', async () => {
  const a = lab.device();
  a.ask('/before');
  await a.gets('GET /before ');
  const { address } = lab.network;
  await lab.network.down('refuse');
  expect(await a.ends()).toBe('ECONNRESET');
  expect(await lab.device().ends()).toBe('ECONNREFUSED');
  await lab.network.up();
  expect(lab.network.address).toBe(address);
  const b = lab.device();
  b.ask('/after');
  await b.gets('GET /after ');
});

test('reset: every connection is reset, old and new', async () => {
  const a = lab.device();
  a.ask('/before');
  await a.gets('GET /before ');
  await lab.network.down('reset');
  expect(await a.ends()).toBe('ECONNRESET');
  const b = lab.device();
  b.ask('/during');
  expect(await b.ends()).toBe('ECONNRESET');
  expect(lab.server.heard).toEqual(['GET /before ']);
});

test('stalled: nothing goes anywhere, and comes when the line is back', async () => {
  const a = lab.device();
  a.ask('/before');
  await a.gets('GET /before ');
  await lab.network.down('stall');
  a.ask('/during/a');
  const b = lab.device();
  b.ask('/during/b');
  await expect.poll(() => lab.network.connections).toBe(2);
  expect(lab.network.requests('/during')).toEqual([]);
  await lab.network.up();
  await a.gets('GET /during/a ');
  await b.gets('GET /during/b ');
});

test('a new connection is reset, closed or never served, as often as said', async () => {
  const reset = lab.network.whenConnecting('reset', { times: 2 });
  expect(await lab.device().ends()).toBe('ECONNRESET');
  expect(await lab.device().ends()).toBe('ECONNRESET');
  await reset.fired(2);
  lab.network.whenConnecting('close');
  expect(await lab.device().ends()).toBe('closed');
  const stalled = lab.network.whenConnecting('stall');
  const a = lab.device();
  a.ask('/waits');
  await stalled.fired();
  const b = lab.device();
  b.ask('/overtakes');
  await b.gets('GET /overtakes ');
  expect(lab.server.heard).toEqual(['GET /overtakes ']);
  stalled.release();
  await a.gets('GET /waits ');
});

test('a server that is gone looks so to the device', async () => {
  await lab.server.stop();
  const a = lab.device();
  a.ask('/anyone');
  expect(await a.ends()).toBe('ECONNRESET');
});

test('closing leaves no connection behind, whatever state it is in', async () => {
  const held = lab.network.when('/held', cutRequest(0, 'stall'));
  const answered = lab.network.when('/answered', cutAnswer(5, 'stall'));
  const trickling = lab.network.when('/slow', slowAnswer(1));
  const all = ['/held', '/answered', '/slow', '/done'].map((path) => {
    const client = lab.device();
    client.ask(path);
    return client;
  });
  const idle = lab.device();
  await Promise.all([held.fired(), answered.fired(), trickling.fired(), all[3]?.gets('GET /done ')]);
  await expect.poll(() => lab.network.connections).toBe(5);
  await lab.network.close();
  expect(lab.network.connections).toBe(0);
  for (const client of [...all, idle]) await client.ends();
});
