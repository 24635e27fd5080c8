import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { cutAnswer, cutRequest, delayAnswer, delayRequest, loseAnswer, slowAnswer, slowRequest } from './faults.ts';
import { openNetwork } from './network.ts';
import { openLab } from './testing/lab.ts';

const lab = openLab();

test('a request that never arrives is heard by nobody, and the device sees a reset', async () => {
  const rule = lab.network.when('POST /sync', cutRequest());
  const a = lab.device();
  a.ask('/sync', 'lost');
  expect(await a.ends()).toBe('ECONNRESET');
  expect((await rule.fired()).body).toBe('lost');
  expect(lab.server.heard).toEqual([]);
  expect(lab.network.requests('POST /sync')[0]).toMatchObject({ status: null, answered: false, answerBytes: 0 });
});

test('an answer is lost after the server gave it', async () => {
  const rule = lab.network.when('POST /sync', loseAnswer());
  const a = lab.device();
  a.ask('/sync', 'applied');
  expect(await a.ends()).toBe('ECONNRESET');
  expect(a.received.length).toBe(0);
  expect(await rule.fired()).toMatchObject({ status: 200, answered: true });
  expect(lab.server.heard).toEqual(['POST /sync applied']);
});

test('a held request goes on when it is released, and counts as heard only then', async () => {
  const rule = lab.network.when('/sync', cutRequest(0, 'stall'));
  const a = lab.device();
  a.ask('/sync', 'slowly');
  await rule.fired();
  expect(lab.server.heard).toEqual([]);
  rule.release();
  await a.gets('POST /sync slowly');
});

test('a held request whose device gives up never arrives', async () => {
  const rule = lab.network.when('/sync', cutRequest(0, 'stall'));
  const a = lab.device();
  a.ask('/sync', 'given up');
  await rule.fired();
  a.close();
  await expect.poll(() => lab.network.connections).toBe(0);
  rule.release();
  const b = lab.device();
  b.ask('/later');
  await b.gets('GET /later ');
  expect(lab.server.heard).toEqual(['GET /later ']);
});

test('a held answer has been given by the server and waits here', async () => {
  const rule = lab.network.when('/sync', loseAnswer('stall'));
  const a = lab.device();
  a.ask('/sync', 'kept');
  expect(await rule.fired()).toMatchObject({ status: 200, answered: true });
  expect(a.received.length).toBe(0);
  rule.release();
  await a.gets('POST /sync kept');
});

test('an answer is cut at any byte, and not one more comes', async () => {
  const whole = lab.device();
  whole.ask('/sync', 'x'.repeat(50));
  await whole.gets('x'.repeat(50));
  for (const after of [1, 17, whole.received.length - 1]) {
    for (const end of ['reset', 'close'] as const) {
      const rule = lab.network.when('/sync', cutAnswer(after, end));
      const a = lab.device();
      a.ask('/sync', 'x'.repeat(50));
      // Node reports a reset right behind data as a polite end, so here only the bytes tell.
      await a.ends();
      expect(a.received).toEqual(whole.received.subarray(0, after));
      await rule.fired();
    }
  }
});

test('a cut may be counted from the beginning of the body', async () => {
  const rule = lab.network.when('/sync', cutAnswer({ ofBody: 4 }));
  const a = lab.device();
  a.ask('/sync', 'whole');
  await a.ends();
  expect(a.text).toMatch(/\r\n\r\nPOST$/);
  await rule.fired();
});

test('a cut behind the end of an answer does nothing', async () => {
  const rule = lab.network.when('/sync', cutAnswer(10_000));
  const a = lab.device();
  a.ask('/sync', 'whole');
  await a.gets('POST /sync whole');
  expect(rule.hits).toEqual([]);
});

test('a request is cut at any byte, and the server gets not one more', async () => {
  const got: Buffer[] = [];
  let over = 0;
  const raw: Server = createServer((socket) => {
    socket.on('data', (bytes) => got.push(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      over += 1;
    });
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const bound = raw.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  const toRaw = await openNetwork(`http://127.0.0.1:${bound.port}`);
  for (const after of [1, 20, 45]) {
    got.length = 0;
    over = 0;
    toRaw.when('/sync', cutRequest(after));
    const a = lab.device(toRaw.address);
    const sent = a.ask('/sync', 'some text');
    expect(await a.ends()).toBe('ECONNRESET');
    await expect.poll(() => over).toBe(1);
    expect(Buffer.concat(got).toString()).toBe(sent.slice(0, after));
  }
  await toRaw.close();
  await new Promise((resolve) => raw.close(resolve));
});

test('a delay holds back the request or the answer, and then all of it comes', async () => {
  for (const [fault, heardBefore] of [
    [delayRequest(200), 0],
    [delayAnswer(200), 1],
  ] as const) {
    lab.server.heard.length = 0;
    const rule = lab.network.when('/sync', fault);
    const a = lab.device();
    const start = performance.now();
    a.ask('/sync', 'later');
    await rule.fired();
    expect(lab.server.heard.length).toBe(heardBefore);
    await a.gets('POST /sync later');
    expect(performance.now() - start).toBeGreaterThan(190);
  }
});

test('a slow line lets so many bytes a second through, both ways', async () => {
  for (const fault of [slowRequest(10_000), slowAnswer(10_000)]) {
    const rule = lab.network.when('/sync', fault);
    const a = lab.device();
    const start = performance.now();
    a.ask('/sync', 'x'.repeat(3_000));
    await rule.fired();
    await a.gets('x'.repeat(3_000));
    expect(performance.now() - start).toBeGreaterThan(250);
  }
});
