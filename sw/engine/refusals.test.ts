import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AnswerSchema } from '../../contract/wire.ts';
import { renameConversation } from './change-conversation.ts';
import { discardWaiting, retryRefused } from './needs-attention.ts';
import { type Device, type Fate, newDevice, refusedWith } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

async function twoDevices() {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  await a.sync();
  await b.sync();
  return { server, a, b, conversation: a.newId() };
}

/** The server stores the message, and its answer about it makes no sense. */
function nonsenseAbout(id: string, { server, now }: Device): Fate {
  return (request) => {
    const answer = server.answer(request);
    const result = answer.is === 'synced' ? answer.results.find((one) => one.id === id) : undefined;
    if (result?.is === 'stored') result.differs.pos = 'nowhere';
    return { is: 'answered', answer, at: now() };
  };
}

test('what the server could not answer properly stays in the outbox', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  for (const status of [500, 502, 503, 504]) {
    a.fates = [refusedWith(status, '')];
    expect((await a.sync()).is).toBe('failed');
    expect(await a.outbox()).toHaveLength(2);
  }
  expect(server.rows.size).toBe(0);
  expect((await a.state()).problem?.failures).toBe(4);
});

test('one message that the server refuses does not block the others', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const bad = await a.write('too long', conversation);
  await a.write('And more', conversation);
  const refusing: Fate = (request, _answer) => {
    const answer = server.answer({ ...request, ops: request.ops.filter((op) => op.id !== bad) });
    if (answer.is !== 'synced') throw new Error('expected an answer');
    answer.results.splice(2, 0, { id: bad, is: 'refused', code: 'too-long' });
    return { is: 'answered', answer, at: a.now() };
  };
  a.fates = [refusing];
  await a.sync();
  expect(await a.outbox()).toMatchObject([{ id: bad, state: 'refused', refusal: 'too-long' }]);
  expect(await a.texts(conversation)).toEqual(['Hello', 'And more', 'too long']);
});

test('what was refused but written again meanwhile is not set aside', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  await a.sync();
  await a.do((stored, writing) => renameConversation(stored, conversation, 'bad', writing));
  a.fates = [
    async (request) => {
      const answer = server.answer({ ...request, ops: [] });
      if (answer.is === 'synced') answer.results = [{ id: conversation, is: 'refused', code: 'bad-op' }];
      await a.do((stored, writing) => renameConversation(stored, conversation, 'good', writing));
      return { is: 'answered', answer, at: a.now() };
    },
  ];
  await a.sync();
  await a.sync();
  expect(server.rows.get(conversation)?.title).toBe('good');
  expect(await a.outbox()).toEqual([]);
});

test('an op that makes every request fail is found, and set aside only while others get through', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const bad = await a.write('poison', conversation);
  for (let i = 0; i < 10; i++) await a.write(`after ${i}`, conversation);
  const picky: Fate = (request, answer) =>
    request.ops.some((op) => op.id === bad)
      ? { is: 'refused', status: 400, code: 'bad-request', retryAfter: null }
      : { is: 'answered', answer: answer(), at: a.now() };
  a.fates = Array.from({ length: 50 }, () => picky);
  expect(await a.sync()).toEqual({ is: 'done' });
  expect(await a.outbox()).toMatchObject([{ id: bad, state: 'refused', refusal: 'bad-request' }]);
  expect(server.rows.get(conversation)?.count).toBe(11);
});

test('nothing is set aside while the server refuses even an empty request', async () => {
  const { a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  a.fates = Array.from({ length: 50 }, () => refusedWith(400, 'bad-request'));
  expect(await a.sync()).toEqual({ is: 'failed', problem: 'refused' });
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(['waiting', 'waiting']);
});

test('a row that is none is set aside, and the cursor moves on', async () => {
  const { server, a, b, conversation } = await twoDevices();
  await b.write('Hello', conversation);
  await b.sync();
  a.fates = [
    (request) => {
      const answer = server.answer(request);
      if (answer.is === 'synced') answer.changes = [{ kind: 'message', id: 'nonsense' }, ...answer.changes, null, 7];
      return { is: 'answered', answer, at: a.now() };
    },
  ];
  expect(await a.sync()).toEqual({ is: 'done' });
  expect(await a.texts(conversation)).toEqual(['Hello']);
  expect((await a.state()).cursor).toEqual({ seq: server.head, floor: null });
});

test('a stored row that is none is not sent for ever', async () => {
  const { a, conversation } = await twoDevices();
  const id = await a.write('Hello', conversation);
  a.fates = [nonsenseAbout(id, a)];
  await a.sync();
  expect(await a.outbox()).toMatchObject([{ id, state: 'refused', refusal: 'invalid-answer' }]);
});

test('a message that the server has after all, and that is discarded here, is gone there too', async () => {
  const { server, a, conversation } = await twoDevices();
  const id = await a.write('Hello', conversation);
  a.fates = [nonsenseAbout(id, a)];
  await a.sync();
  await a.do((stored, writing) => discardWaiting(stored, id, writing));
  await a.sync();
  expect(server.rows.has(id)).toBe(false);
  expect(await a.outbox()).toEqual([]);
});

test('results that are not those of the ops change nothing', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const before = (await a.state()).cursor;
  a.fates = [
    (request) => {
      const answer = server.answer(request);
      if (answer.is === 'synced') answer.results.reverse();
      return { is: 'answered', answer, at: a.now() };
    },
  ];
  expect(await a.sync()).toEqual({ is: 'failed', problem: 'invalid-answer' });
  expect((await a.state()).cursor).toEqual(before);
  expect((await a.outbox()).map((entry) => entry.state)).toEqual(['unconfirmed', 'unconfirmed']);
});

test('the server asks for a pause and gets it', async () => {
  const { a } = await twoDevices();
  a.fates = [refusedWith(429, 'throttled', 120)];
  await a.sync();
  const { nextDue, problem } = await a.state();
  expect(problem?.code).toBe('throttled');
  expect(nextDue - a.now()).toBeGreaterThanOrEqual(119_000);
});

test('tokens that are refused and accounts that are gone keep everything', async () => {
  const { a, conversation } = await twoDevices();
  await a.write('Hello', conversation);
  const fates: [Fate, string][] = [
    [() => ({ is: 'signed-out' }), 'signed-out'],
    [refusedWith(401, 'auth'), 'signed-out'],
    [refusedWith(403, 'tier'), 'tier'],
    [refusedWith(410, 'gone'), 'account-gone'],
    [refusedWith(426, 'too-old'), 'too-old'],
  ];
  for (const [fate, problem] of fates) {
    a.fates = [fate];
    expect(await a.sync()).toEqual({ is: 'failed', problem });
    expect((await a.outbox()).map((entry) => entry.state)).toEqual(['waiting', 'waiting']);
  }
});

/** The server stores everything, and its result for one op is none. */
function noResultFor(id: string, { server, now }: Device): Fate {
  return (request) => {
    const said = JSON.parse(JSON.stringify(server.answer(request)));
    const index = request.ops.findIndex((op) => op.id === id);
    if (index !== -1) said.results[index] = { id, is: 'perhaps' };
    return { is: 'answered', answer: v.parse(AnswerSchema, said), at: now() };
  };
}

test('a result that cannot be read holds up nothing beside it, and loses nothing', async () => {
  const { server, a, conversation } = await twoDevices();
  await a.write('before', conversation);
  const id = await a.write('odd', conversation);
  await a.write('after', conversation);
  a.fates = [noResultFor(id, a)];
  expect(await a.sync()).toEqual({ is: 'done' });
  expect(await a.outbox()).toMatchObject([{ id, state: 'unconfirmed' }]);
  expect(await a.sync()).toEqual({ is: 'done' });
  expect(await a.outbox()).toEqual([]);
  expect(await a.texts(conversation)).toEqual(['before', 'odd', 'after']);
  expect(server.rows.size).toBe(4);
});

test('a message whose results cannot be read again and again is set aside, and can be sent again', async () => {
  const { a, conversation } = await twoDevices();
  const id = await a.write('odd', conversation);
  for (let i = 0; i < 3; i++) {
    expect(await a.outbox()).not.toContainEqual(expect.objectContaining({ state: 'refused' }));
    a.fates = [noResultFor(id, a)];
    await a.sync();
  }
  expect(await a.outbox()).toMatchObject([{ id, state: 'refused', refusal: 'invalid-answer' }]);
  await a.do((stored) => retryRefused(stored, id));
  await a.sync();
  expect(await a.outbox()).toEqual([]);
});
