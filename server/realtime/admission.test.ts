import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Person, signUp, writeConversation } from '../testing/ask-atlas.ts';
import { forgeToken } from '../testing/forge-token.ts';
import { claimsOf, type Ear, listen, topicOf } from '../testing/listen.ts';
import { type RunningAtlas, startAtlas } from '../testing/start-atlas.ts';

let atlas: RunningAtlas;
let ann: Person;
let jwtSecret: string;
let people = 0;
const ears: Ear[] = [];

const someone = () => signUp(atlas.address, `person${people++}@example.org`);

type Asked = [token: string | null, topic: string, wish?: { private?: boolean; vsn?: string }];

async function hear(...asked: Asked): Promise<Ear> {
  const ear = await listen(atlas.address, ...asked);
  ears.push(ear);
  return ear;
}

async function hearing(person: Person): Promise<Ear> {
  const ear = await hear(person.token, topicOf(person));
  await expect.poll(() => ear.states).toEqual(['SUBSCRIBED']);
  return ear;
}

beforeAll(async () => {
  atlas = await startAtlas();
  ann = await someone();
  jwtSecret = JSON.parse(await readFile(join(atlas.dataDir, 'keys.json'), 'utf8')).jwtSecret;
});
afterEach(async () => {
  await Promise.all(ears.splice(0).map((ear) => ear.close()));
});
afterAll(() => atlas.stop());

test('only the user himself may listen to what is his, and only with a token of now', async () => {
  const bob = await someone();
  const now = Math.floor(Date.now() / 1_000);
  const expired = forgeToken({ secret: jwtSecret, claims: { ...claimsOf(ann), iat: now - 20, exp: now - 10 } });
  const forged = forgeToken({ secret: 'another secret', claims: claimsOf(ann) });
  const refused: [asked: Asked, why: RegExp][] = [
    [[bob.token, topicOf(ann)], /Unauthorized/],
    [[expired, topicOf(ann)], /Unauthorized/],
    [[forged, topicOf(ann)], /Unauthorized/],
    [[null, topicOf(ann)], /Unauthorized/],
    [[ann.token, 'everybody'], /Unauthorized/],
    [[ann.token, topicOf(ann), { private: false }], /PrivateOnly/],
  ];
  for (const [asked, why] of refused) {
    const ear = await hear(...asked);
    await expect.poll(() => ear.states[0]).toMatch(why);
    expect(ear.states[0]).toMatch(/^CHANNEL_ERROR/);
  }
});

test.each(['1.0.0', '2.0.0'])('messages are written as version %s of the protocol has them', async (vsn) => {
  const ear = await hear(ann.token, topicOf(ann), { vsn });
  await expect.poll(() => ear.states).toEqual(['SUBSCRIBED']);
  await writeConversation(ann, vsn === '1.0.0' ? 1 : 2, 'Heard');
  await expect.poll(() => ear.pokes).toMatchObject([{ seq: expect.any(Number) }]);
});

test('the channel closes when its token expires, unless it was renewed', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const short = forgeToken({ secret: jwtSecret, claims: { ...claimsOf(ann), exp: now + 2 } });
  const [left, renewed] = [await hear(short, topicOf(ann)), await hear(short, topicOf(ann))];
  await expect.poll(() => renewed.states).toEqual(['SUBSCRIBED']);
  await renewed.client.realtime.setAuth(ann.token);
  await expect.poll(() => left.states, { timeout: 10_000 }).toEqual(['SUBSCRIBED', 'CLOSED']);
  await writeConversation(ann, 10, 'After');
  await expect.poll(() => renewed.pokes).toHaveLength(1);
  expect(left.pokes).toEqual([]);
});

test("a channel that is given somebody else's token closes", async () => {
  const ear = await hearing(ann);
  await ear.client.realtime.setAuth((await someone()).token);
  await expect.poll(() => ear.states).toEqual(['SUBSCRIBED', 'CLOSED']);
});

test('three devices listen at a time; a fourth is told why it may not, until one of them leaves', async () => {
  const bob = await someone();
  const three = [await hearing(bob), await hearing(bob), await hearing(bob)];
  const fourth = await hear(bob.token, topicOf(bob));
  await expect.poll(() => fourth.states[0]).toMatch(/^CHANNEL_ERROR TooManyConnections/);
  await fourth.close();
  await three[0]?.channel.unsubscribe();
  expect(three[0]?.states).toEqual(['SUBSCRIBED', 'CLOSED']);
  await hearing(bob);
  await writeConversation(bob, 20, 'For three');
  await expect.poll(() => [three[1]?.pokes.length, three[2]?.pokes.length]).toEqual([1, 1]);
  expect(three[0]?.pokes).toEqual([]);
});

test('nobody sends through a channel', async () => {
  const [ear, other] = [await hearing(ann), await hearing(ann)];
  await ear.channel.send({ type: 'broadcast', event: 'poke', payload: { seq: null, device: null } });
  await expect.poll(() => ear.states.length).toBe(2);
  expect(ear.states[1]).toMatch(/^CHANNEL_ERROR/);
  await writeConversation(ann, 30, 'Real');
  await expect.poll(() => other.pokes).toMatchObject([{ seq: expect.any(Number) }]);
});

test('a key that is not this server’s and an address that is none get no connection', async () => {
  const { publishableKey } = (await (await fetch(`${atlas.address}/config.json`)).json()) as Record<string, string>;
  const cases: [path: string, status: string][] = [
    ['/realtime/v1/websocket?apikey=wrong&vsn=2.0.0', '401'],
    [`/realtime/v1/websocket?apikey=${publishableKey}&vsn=9`, '404'],
    [`/realtime/v1/other?apikey=${publishableKey}`, '404'],
    ['/', '404'],
  ];
  for (const [path, status] of cases) {
    const socket = new WebSocket(atlas.address.replace('http', 'ws') + path);
    const said = await new Promise<string>((resolve) => socket.once('error', (error) => resolve(error.message)));
    expect(said).toContain(status);
  }
});

test('who connects and joins nothing is shown out after some hundreds, and those who listen go on hearing', async () => {
  const { publishableKey } = (await (await fetch(`${atlas.address}/config.json`)).json()) as Record<string, string>;
  const address = `${atlas.address.replace('http', 'ws')}/realtime/v1/websocket?apikey=${publishableKey}&vsn=2.0.0`;
  const bob = await someone();
  const ear = await hearing(bob);
  const idle: WebSocket[] = [];
  const opened = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(address);
      idle.push(socket);
      socket.once('open', () => resolve('open')).once('error', (error) => resolve(error.message));
    });
  try {
    const said = await Promise.all(Array.from({ length: 201 }, opened));
    expect(said.filter((one) => one === 'open')).toHaveLength(200);
    expect(said.find((one) => one !== 'open')).toContain('429');
    await writeConversation(bob, 40, 'Still here');
    await expect.poll(() => ear.pokes).toHaveLength(1);
  } finally {
    for (const socket of idle) socket.terminate();
  }
  await hearing(bob);
});
