import { expect, test } from 'vitest';
import type { HistoryRequest } from '../../contract/wire.ts';
import { applyRows } from './apply-rows.ts';
import { coldLeastMs, coldMs, letColdLeave, letOldestLeave } from './leave-cold.ts';
import type { HistorySent } from './ports.ts';
import { purge } from './purge.ts';
import { readOlder } from './read-older.ts';
import { newStop } from './stop.ts';
import { type Device, lostRequest, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';
import { writeFields } from './written-fields.ts';

/** The server's history of one conversation, as docs/protocol.md says. */
function historyOf(server: ModelServer, { conversation, before, limit }: HistoryRequest): HistorySent {
  const place = (row: object) => ('pos' in row ? (row.pos as number) : 0);
  const below = [...server.rows.values()]
    .filter((row) => row.conversation === conversation && place(row) < (before ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => place(b) - place(a));
  const rows = structuredClone(below.slice(0, limit));
  const envelope = { v: 1, epoch: server.epoch, time: server.time } as const;
  return { is: 'answered', answer: { is: 'history', ...envelope, seq: server.head, rows, more: below.length > limit } };
}

function readBack(
  device: Device,
  conversation: string,
  sent = (request: HistoryRequest) => historyOf(device.server, request),
) {
  return readOlder(
    {
      store: device.store,
      server: { history: async (request) => sent(request) },
      user: 'somebody',
      time: { now: device.now },
      tell: { changed: (conversations) => void device.told.push(...conversations), syncing: () => undefined },
      patience: { deadlineMs: 1_000, stop: newStop() },
    },
    conversation,
  );
}

/** Two devices with an old conversation and a new one; half a year has passed, and `a` knows. */
async function halfAYearLater(messages = 3) {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const b = newDevice(server, 'b');
  const [old, recent] = [a.newId(), a.newId()];
  const texts = Array.from({ length: messages }, (_, i) => `old ${i}`);
  for (const text of texts) await a.write(text, old);
  await a.sync();
  await b.sync();
  server.time += coldMs + 1;
  await a.write('recent', recent);
  await a.sync();
  await letColdLeave(a.store);
  return { server, a, b, old, recent, texts };
}

test('messages of conversations untouched for half a year leave the device, and the rest stays', async () => {
  const { a, old, recent } = await halfAYearLater();
  expect(await a.texts(old)).toEqual([]);
  expect(await a.title(old)).toBe('old 0');
  expect(await a.texts(recent)).toEqual(['recent']);
});

test('what left comes back when its conversation is opened, and stays while it is read', async () => {
  const { a, old, texts } = await halfAYearLater();
  expect(await readBack(a, old)).toEqual({ is: 'done' });
  expect(await a.texts(old)).toEqual(texts);
  expect(await a.conversation(old)).not.toHaveProperty('leavable');
  expect(a.told).toContain(old);
  await a.store.change('relaxed', async (stored) =>
    stored.putState({ ...(await stored.state()), cold: { after: 0, due: 0 } }),
  );
  await letColdLeave(a.store);
  expect(await a.texts(old)).toEqual(texts);
});

test('a long conversation comes back a page at a time, the newest first', async () => {
  const { a, old, texts } = await halfAYearLater(450);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(texts.slice(-200));
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(texts.slice(-400));
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(texts);
  await readBack(a, old, () => {
    throw new Error('there is nothing left to ask for');
  });
});

test('what was never sent does not leave', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const old = a.newId();
  await a.write('sent', old);
  await a.sync();
  await a.write('never sent', old);
  server.time += coldMs + 1;
  await a.store.change('relaxed', async (stored) =>
    stored.putState({ ...(await stored.state()), serverTime: server.time }),
  );
  await letColdLeave(a.store);
  expect(await letOldestLeave(a.store)).toBe(false);
  expect(await a.texts(old)).toEqual(['sent', 'never sent']);
});

test('an edit of what left does not bring a single message back, and is there when the conversation is opened', async () => {
  const { server, a, old, texts } = await halfAYearLater();
  const [row] = [...server.rows.values()].filter(({ conversation }) => conversation === old);
  if (row === undefined) throw new Error('the server has it');
  Object.assign(row, { text: 'edited', seq: ++server.head });
  await a.sync();
  expect(await a.texts(old)).toEqual([]);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(['edited', ...texts.slice(1)]);
});

test('what was purged elsewhere does not come back with the rest', async () => {
  const { server, a, b, old, texts } = await halfAYearLater();
  const [first] = await b.store.read((stored) => stored.messagesOf(old));
  if (first === undefined) throw new Error('the other device has it');
  await b.do((stored, writing) => purge(stored, 'message', first.id, writing));
  const before = structuredClone(server.rows);
  await b.sync();
  await a.sync();
  await readBack(a, old, (request) => {
    const sent = historyOf(server, request);
    // Even if it were in the answer.
    if (sent.is === 'answered') sent.answer.rows.push(before.get(first.id));
    return sent;
  });
  expect(await a.texts(old)).toEqual(texts.slice(1));
});

test('a message written into a conversation that left is sent, and what left stays away until it is asked for', async () => {
  const { a, b, old, texts } = await halfAYearLater();
  await a.write('again', old);
  expect(await a.texts(old)).toEqual(['again']);
  await a.sync();
  await b.sync();
  await b.write('and again', old);
  await b.sync();
  await a.sync();
  expect(await a.texts(old)).toEqual(['again', 'and again']);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual([...texts, 'again', 'and again']);
});

/** Another device writes, and the conversation then rests until it may leave again. */
async function writtenElsewhereAndLeftAlone({ server, a, b, old }: Awaited<ReturnType<typeof halfAYearLater>>) {
  const id = await b.write('from elsewhere', old);
  await b.sync();
  await a.sync();
  server.time += coldLeastMs + 1;
  await a.sync();
  await letColdLeave(a.store);
  return id;
}

test('what left is still known to be away when its conversation was written to and rests again', async () => {
  const all = await halfAYearLater();
  const { a, old, texts } = all;
  const { floor, leavable = 0 } = (await a.conversation(old)) ?? {};
  expect(floor).toBeUndefined();
  const id = await writtenElsewhereAndLeftAlone(all);
  expect(await a.conversation(old)).toMatchObject({ floor: leavable, newest: id });
  expect(await a.texts(old)).toEqual(['from elsewhere']);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual([...texts, 'from elsewhere']);
});

test('what was brought back in part and left again leaves no hole', async () => {
  const all = await halfAYearLater(450);
  const { server, a, old, texts } = all;
  await readBack(a, old);
  const floor = (await a.conversation(old))?.floor ?? 0;
  expect(floor).toBeGreaterThan(0);
  server.time += coldMs + 1;
  await a.sync();
  await letColdLeave(a.store);
  expect(await a.texts(old)).toEqual([]);
  await writtenElsewhereAndLeftAlone(all);
  expect((await a.conversation(old))?.floor).toBeGreaterThan(floor);
  for (let pages = 0; pages < 3; pages++) await readBack(a, old);
  expect(await a.texts(old)).toEqual([...texts, 'from elsewhere']);
});

test('where all messages left, or never came in, the newest is still known', async () => {
  const { server, a, old } = await halfAYearLater();
  const last = [...server.rows.values()].filter(({ conversation }) => conversation === old).at(-1);
  const c = newDevice(server, 'c');
  await c.sync();
  for (const device of [a, c]) {
    expect(await device.texts(old)).toEqual([]);
    expect((await device.conversation(old))?.newest).toBe(last?.id);
  }
});

test('history read before the device moved on is not stored, but asked for again', async () => {
  const { server, a, old, texts } = await halfAYearLater();
  let asked = 0;
  const late = (request: HistoryRequest) => {
    asked += 1;
    const sent = historyOf(server, request);
    if (asked === 1 && sent.is === 'answered') sent.answer.seq = server.head - 1;
    return sent;
  };
  expect(await readBack(a, old, late)).toEqual({ is: 'done' });
  expect(asked).toBe(2);
  expect(await a.texts(old)).toEqual(texts);
});

test('without a network nothing changes, and the page is told why', async () => {
  const { a, old } = await halfAYearLater();
  const outcome = await readBack(a, old, () => ({ is: 'no-answer', lost: false }));
  expect(outcome).toEqual({ is: 'failed', problem: 'network' });
  expect(await a.texts(old)).toEqual([]);
  expect(await readBack(a, old)).toEqual({ is: 'done' });
});

test('a row of history that is none is set aside, and the others come', async () => {
  const { server, a, old, texts } = await halfAYearLater();
  await readBack(a, old, (request) => {
    const sent = historyOf(server, request);
    if (sent.is === 'answered') sent.answer.rows[1] = { kind: 'message', id: 'nobody knows' };
    return sent;
  });
  expect(await a.texts(old)).toEqual([texts[0], texts[2]]);
  const setAside = await a.store.read((stored) => stored.quarantined('', 10));
  expect(setAside.map(({ epoch }) => epoch)).toEqual([server.epoch]);
});

test('a new device does not keep what would leave at once, and gets it on opening', async () => {
  const { server, old, recent, texts } = await halfAYearLater();
  const c = newDevice(server, 'c');
  await c.sync();
  expect(await c.texts(recent)).toEqual(['recent']);
  expect(await c.title(old)).toBe('old 0');
  expect(await c.texts(old)).toEqual([]);
  await readBack(c, old);
  expect(await c.texts(old)).toEqual(texts);
});

/** Both devices in the second life of a server, whose data begins with what is there. */
async function inSecondEpoch(write: (a: Device, old: string) => Promise<unknown>) {
  const server = new ModelServer();
  const [a, b] = [newDevice(server, 'a'), newDevice(server, 'b')];
  const old = a.newId();
  await write(a, old);
  await a.sync();
  server.restore(server.backup(), 'second');
  await a.sync();
  await b.sync();
  return { server, a, b, old, backup: server.backup() };
}

async function letLeaveHalfAYearLater(device: Device): Promise<void> {
  device.server.time += coldMs + 1;
  await device.sync();
  await letColdLeave(device.store);
}

test('after a restore from backup, a device whose old messages left has them from the server, and new ones come', async () => {
  const { server, a, b, old } = await inSecondEpoch((device, conversation) => device.write('first', conversation));
  await letLeaveHalfAYearLater(a);
  server.restore(server.backup(), 'third');
  await b.write('after the restore', old);
  await b.sync();
  await a.sync();
  expect(await a.texts(old)).toEqual(['after the restore']);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(['first', 'after the restore']);
});

test('after a restore to before what left was written, what other devices give back is not kept away', async () => {
  const { server, a, b, old, backup } = await inSecondEpoch((device, conversation) =>
    device.write('first', conversation),
  );
  for (const text of ['second', 'third', 'fourth']) await a.write(text, old);
  await a.sync();
  await b.sync();
  await letLeaveHalfAYearLater(a);
  expect(await a.texts(old)).toEqual([]);
  server.restore(backup, 'third');
  await b.sync();
  await a.sync();
  expect(await a.texts(old)).toEqual(['second', 'third', 'fourth']);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(['first', 'second', 'third', 'fourth']);
});

test('when the device is full, the longest untouched leave first, but nothing of the last five weeks', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const conversations = Array.from({ length: 45 }, () => a.newId());
  for (const conversation of conversations) {
    await a.write('text', conversation);
    await a.sync();
    server.time += 3 * 86_400_000;
  }
  await a.sync();
  const kept = async () => {
    const there = await Promise.all(conversations.map((conversation) => a.texts(conversation)));
    return there.map((texts) => texts.length);
  };
  await letColdLeave(a.store);
  expect(await letOldestLeave(a.store)).toBe(true);
  const first = await kept();
  expect(first.slice(0, 20)).toEqual(Array(20).fill(0));
  expect(first.slice(20)).toEqual(Array(25).fill(1));
  while (await letOldestLeave(a.store));
  const young = Math.ceil(coldLeastMs / (3 * 86_400_000));
  expect((await kept()).slice(-young + 1)).toEqual(Array(young - 1).fill(1));
  expect((await kept()).slice(0, 45 - young)).toEqual(Array(45 - young).fill(0));
});

test('what may leave but is still here is whole: a late row of it comes in', async () => {
  const server = new ModelServer();
  const a = newDevice(server, 'a');
  const old = a.newId();
  await a.write('first', old);
  await a.write('second', old);
  await a.sync();
  server.time += coldLeastMs + 1;
  await a.sync();
  const [first] = await a.store.read((stored) => stored.messagesOf(old));
  if (first?.base == null) throw new Error('the server has it');
  const { base } = first;
  await a.do((stored) => stored.removeMessages([first.id]));
  await letColdLeave(a.store);
  expect((await a.conversation(old))?.leavable).toBeGreaterThan(base.pos);
  await a.do((stored) => applyRows(stored, [base], 0));
  expect(await a.texts(old)).toEqual(['first', 'second']);
  expect(await letOldestLeave(a.store)).toBe(true);
  await a.do((stored) => applyRows(stored, [base], 0));
  expect(await a.texts(old)).toEqual([]);
  await readBack(a, old);
  expect(await a.texts(old)).toEqual(['first', 'second']);
});

test('what waits with an edit of its own keeps its conversation here', async () => {
  const { a, old } = await inSecondEpoch((device, conversation) => device.write('first', conversation));
  const [message] = await a.store.read((stored) => stored.messagesOf(old));
  if (message === undefined) throw new Error('it was written');
  await a.do((stored, writing) => writeFields<'message'>(stored, message, { text: 'edited here' }, writing));
  a.fates = [lostRequest];
  a.server.time += coldMs + 1;
  await a.store.change('relaxed', async (stored) =>
    stored.putState({ ...(await stored.state()), serverTime: a.server.time }),
  );
  await letColdLeave(a.store);
  expect(await letOldestLeave(a.store)).toBe(false);
  expect(await a.texts(old)).toEqual(['edited here']);
});

test('a message that came before its conversation’s row does not leave with the rest', async () => {
  const { server, a, old, texts } = await halfAYearLater();
  await readBack(a, old);
  const [row] = await a.store.read((stored) => stored.messagesOf(old));
  if (row?.base == null) throw new Error('the server has it');
  await a.store.change('relaxed', async (stored) =>
    stored.putState({ ...(await stored.state()), cold: { after: 0, due: 0 } }),
  );
  await letColdLeave(a.store);
  const { base } = row;
  const pos = server.head + 1;
  await a.do((stored) => applyRows(stored, [{ ...base, id: a.newId(), seq: pos, pos, text: 'just said' }], 0));
  expect(await letOldestLeave(a.store)).toBe(false);
  expect(await a.texts(old)).toEqual([...texts, 'just said']);
});

test('looking for what has become cold is done once a day', async () => {
  const { a } = await halfAYearLater();
  const before = a.store.commits();
  await letColdLeave(a.store);
  expect(a.store.commits()).toBe(before + 1);
  expect((await a.state()).cold?.due).toBeGreaterThan((await a.state()).serverTime ?? 0);
});
