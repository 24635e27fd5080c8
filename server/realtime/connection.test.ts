import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { forgeToken } from '../testing/forge-token.ts';
import { type Audience, makeAudience } from './audience.ts';
import { serveConnection } from './connection.ts';
import { writeMessage } from './phoenix-message.ts';

const secret = 'a secret of this server';
const ann = '01900000-0000-7000-8000-000000000001';
const topic = `realtime:user:${ann}`;

const closingMs = 50;

/** The server's end of a WebSocket, with what was sent to the other one. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  sent: unknown[] = [];
  closedWith: number | null = null;
  /** Whether the other end is still there. */
  there = true;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  ping() {
    if (this.there) queueMicrotask(() => this.emit('pong'));
  }
  close(code: number) {
    this.closedWith = code;
    this.terminate();
  }
  terminate() {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 3;
    // The other one of the pair is told, and then this one.
    setTimeout(() => this.emit('close'), closingMs);
  }
}

function connect(audience: Audience) {
  const socket = new FakeSocket();
  const inside = vi.fn<() => void>();
  const parts = { version: '2.0.0', audience, jwtSecret: secret, now: () => Date.now(), letIn: inside } as const;
  const connection = serveConnection({ socket: socket as unknown as WebSocket, ...parts });
  const say = (event: string, payload: unknown = {}, to = topic, ref = '2') => {
    socket.emit('message', writeMessage({ joinRef: '1', ref, topic: to, event, payload }, '2.0.0'), false);
  };
  const askToJoin = (ref = '2') => {
    const exp = Math.floor(Date.now() / 1_000) + 3_600;
    const claims = { sub: ann, role: 'authenticated', aud: 'authenticated', exp };
    say('phx_join', { config: { private: true }, access_token: forgeToken({ secret, claims }) }, topic, ref);
  };
  const join = () => {
    askToJoin();
    return vi.waitFor(() => expect(socket.sent).toHaveLength(1));
  };
  return { socket, connection, say, askToJoin, join, inside };
}

const poke = { user: ann, seq: 1, device: null };

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

test('who says nothing for a minute is gone; who says something stays', async () => {
  const audience = makeAudience();
  const [silent, lively] = [connect(audience), connect(audience)];
  await Promise.all([silent.join(), lively.join()]);
  vi.advanceTimersByTime(40_000);
  lively.say('heartbeat', {}, 'phoenix');
  expect(lively.socket.sent.at(-1)).toEqual(['1', '2', 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
  vi.advanceTimersByTime(25_000);
  for (const { connection } of [silent, lively]) connection.look();
  expect([silent.socket.readyState, lively.socket.readyState]).toEqual([3, 1]);
  vi.advanceTimersByTime(closingMs);
  expect(audience.size()).toBe(1);
});

test('who has not joined after ten seconds is not kept, however lively; who has is let in and stays', async () => {
  const [idle, joined] = [connect(makeAudience()), connect(makeAudience())];
  await joined.join();
  for (let seconds = 0; seconds < 12; seconds += 4) {
    vi.advanceTimersByTime(4_000);
    idle.say('heartbeat', {}, 'phoenix');
  }
  expect([idle.socket.readyState, joined.socket.readyState]).toEqual([3, 1]);
  expect([idle.inside.mock.calls.length, joined.inside.mock.calls.length]).toEqual([0, 1]);
});

test('who has left and joins nothing more is not kept, however lively', async () => {
  const { connection, join, say, socket } = connect(makeAudience());
  await join();
  say('phx_leave');
  for (let seconds = 0; seconds < 80; seconds += 20) {
    vi.advanceTimersByTime(20_000);
    say('heartbeat', {}, 'phoenix');
    connection.look();
  }
  expect(socket.readyState).toBe(3);
});

test('who does not read is dropped and not waited for', async () => {
  const audience = makeAudience();
  const { join, socket } = connect(audience);
  await join();
  audience.tell(poke);
  expect(socket.sent).toHaveLength(2);
  socket.bufferedAmount = 1_000_000;
  audience.tell(poke);
  vi.advanceTimersByTime(closingMs);
  expect([socket.sent.length, socket.readyState, audience.size()]).toEqual([2, 3, 0]);
});

test('who floods, sends bytes or sends what is no message is shown out', () => {
  const shownOut = (misbehave: (connected: ReturnType<typeof connect>) => void) => {
    const connected = connect(makeAudience());
    misbehave(connected);
    return connected.socket.closedWith;
  };
  const flood = ({ say }: ReturnType<typeof connect>) => {
    for (let nth = 0; nth < 101; nth++) say('heartbeat', {}, 'phoenix');
  };
  expect(shownOut(flood)).toBe(1008);
  expect(shownOut(({ socket }) => socket.emit('message', Buffer.from([3, 0]), true))).toBe(1003);
  for (const text of ['', '{', '{}', '[]', '[null,null,1,"x",{}]', `[null,null,"${'t'.repeat(300)}","x",{}]`]) {
    expect(shownOut(({ socket }) => socket.emit('message', text, false))).toBe(1007);
  }
});

test('a device that lost its network is not kept out by what it left behind', async () => {
  const audience = makeAudience();
  const before = [connect(audience), connect(audience), connect(audience)];
  await Promise.all(before.map(({ join }) => join()));
  const [ghost] = before;
  if (ghost !== undefined) ghost.socket.there = false;
  const back = connect(audience);
  const joining = back.join();
  await vi.advanceTimersByTimeAsync(4_000);
  await joining;
  expect(back.socket.sent[0]).toMatchObject(['1', '2', topic, 'phx_reply', { status: 'ok' }]);
  expect([ghost?.socket.readyState, audience.size()]).toEqual([3, 3]);
});

/** Three devices that lost their network: the next one waits until they have not answered. */
async function threeGhosts(audience: Audience): Promise<void> {
  const before = [connect(audience), connect(audience), connect(audience)];
  await Promise.all(before.map(({ join }) => join()));
  for (const { socket } of before) socket.there = false;
}

test('of joins that follow on one another the latest counts, and is answered', async () => {
  const audience = makeAudience();
  await threeGhosts(audience);
  const { askToJoin, socket } = connect(audience);
  askToJoin('first');
  await vi.advanceTimersByTimeAsync(1_000);
  askToJoin('second');
  await vi.advanceTimersByTimeAsync(8_000);
  expect(socket.sent).toMatchObject([['1', 'second', topic, 'phx_reply', { status: 'ok' }]]);
  expect(audience.size()).toBe(1);
  audience.tell(poke);
  expect(socket.sent).toHaveLength(2);
});

test('who leaves before he is let in hears nothing', async () => {
  const audience = makeAudience();
  await threeGhosts(audience);
  const { askToJoin, say, inside } = connect(audience);
  askToJoin();
  await vi.advanceTimersByTimeAsync(1_000);
  say('phx_leave');
  await vi.advanceTimersByTimeAsync(8_000);
  expect([audience.size(), inside.mock.calls.length]).toEqual([0, 0]);
});

test('who is gone before he is let in is not kept', async () => {
  const audience = makeAudience();
  const before = [connect(audience), connect(audience), connect(audience)];
  await Promise.all(before.map(({ join }) => join()));
  for (const { socket } of before) socket.there = false;
  const fourth = connect(audience);
  const joining = fourth.join().catch(() => 'gone');
  fourth.socket.terminate();
  await vi.advanceTimersByTimeAsync(4_000);
  await joining;
  expect(audience.size()).toBe(0);
});

test('when something may not have been heard, everybody is told to look, not all at once', async () => {
  const audience = makeAudience();
  const all = Array.from({ length: 3 }, () => connect(audience));
  await Promise.all(all.map(({ join }) => join()));
  audience.tellEverybody();
  expect(all.map(({ socket }) => socket.sent.length)).toEqual([1, 1, 1]);
  await vi.advanceTimersByTimeAsync(10_000);
  for (const { socket } of all) {
    expect(socket.sent.at(-1)).toMatchObject([
      '1',
      null,
      topic,
      'broadcast',
      { event: 'poke', payload: { seq: null, device: null } },
    ]);
  }
});
