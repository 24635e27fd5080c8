import { expect, test } from 'vitest';
import { cutAnswer, cutRequest, loseAnswer, pass } from './faults.ts';
import { openLab } from './testing/lab.ts';

const lab = openLab();

test('a rule takes only the requests it names, and only as often as it says', async () => {
  const rule = lab.network.when('POST /sync', cutRequest(0, 'close'), { times: 2 });
  const a = lab.device();
  a.ask('/sync/not-a-post');
  await a.gets('GET /sync/not-a-post ');
  for (const body of ['1', '2', '3']) {
    const b = lab.device();
    b.ask('/sync', body);
    if (body === '3') await b.gets('POST /sync 3');
    else expect(await b.ends()).toBe('closed');
  }
  expect((await rule.fired(2)).body).toBe('2');
  expect(lab.network.requests('/sync').length).toBe(4);
});

test('rules written one below the other are a script, and pass says when an answer went through', async () => {
  const first = lab.network.when('/sync', pass());
  const second = lab.network.when('/sync', loseAnswer());
  const a = lab.device();
  a.ask('/sync', '1');
  expect(await first.fired()).toMatchObject({ body: '1', status: 200, answered: true });
  a.ask('/sync', '2');
  expect((await second.fired()).body).toBe('2');
  expect(a.text).toContain('POST /sync 1');
});

test('a rule may ask for what is inside a request', async () => {
  lab.network.when(({ body }) => body.includes('ops'), cutRequest());
  const a = lab.device();
  a.ask('/sync', 'nothing');
  await a.gets('POST /sync nothing');
  a.ask('/sync', 'ops');
  expect(await a.ends()).toBe('ECONNRESET');
});

test('back to normal: the line works, what was held goes on, no rule is left', async () => {
  const rule = lab.network.when('/sync', cutRequest(0, 'stall'));
  lab.network.when('/other', cutRequest(), { times: Infinity });
  const a = lab.device();
  a.ask('/sync', 'held');
  await rule.fired();
  await lab.network.normal();
  await a.gets('POST /sync held');
  a.ask('/other');
  await a.gets('GET /other ');
});

test('a lifted rule takes nothing more', async () => {
  const rule = lab.network.when('/sync', cutRequest(), { times: Infinity });
  const a = lab.device();
  a.ask('/sync');
  expect(await a.ends()).toBe('ECONNRESET');
  rule.lift();
  const b = lab.device();
  b.ask('/sync');
  await b.gets('GET /sync ');
});

test('what a browser repeats by itself after a kept connection ended meets the same fault, and the next try does not', async () => {
  const a = lab.device();
  a.ask('/before');
  await a.gets('GET /before ');
  const rule = lab.network.when('/sync', loseAnswer());
  a.ask('/sync', 'the same');
  expect(await a.ends()).toBe('ECONNRESET');
  const again = lab.device();
  again.ask('/sync', 'the same');
  expect(await again.ends()).toBe('ECONNRESET');
  const own = lab.device();
  own.ask('/sync', 'the same');
  await own.gets('POST /sync the same');
  expect(rule.hits.length).toBe(1);
  expect(lab.network.requests('/sync').map(({ repetition }) => repetition)).toEqual([false, true, false]);
});

test('on a new connection, and when the answer has begun, nothing is taken for a repetition', async () => {
  const rule = lab.network.when('/new', cutRequest());
  const a = lab.device();
  a.ask('/new', 'x');
  expect(await a.ends()).toBe('ECONNRESET');
  const b = lab.device();
  b.ask('/new', 'x');
  await b.gets('POST /new x');
  lab.network.when('/begun', cutAnswer(150));
  b.ask('/begun', 'x'.repeat(100));
  await b.ends();
  const c = lab.device();
  c.ask('/begun', 'x'.repeat(100));
  await c.gets('x'.repeat(100));
  expect(rule.hits.length).toBe(1);
});
