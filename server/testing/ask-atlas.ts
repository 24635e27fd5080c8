import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClock } from '../../contract/clock.ts';
import type { SyncRequest } from '../../contract/wire.ts';

export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
  body: any;
}

export interface Person {
  email: string;
  token: string;
  sync(request: unknown): Promise<Answered>;
  call(name: string, body: unknown): Promise<Answered>;
}

/** Asks as a browser does: with the publishable key, and a token once there is one. */
export async function askAtlas(
  address: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const { publishableKey } = (await (await fetch(`${address}/config.json`)).json()) as { publishableKey: string };
  const answer = await fetch(address + path, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Everyone's here. */
export const password = 'a good password';

/** A new account, signed in. */
export async function signUp(address: string, email: string): Promise<Person> {
  const { status, body } = await askAtlas(address, '/auth/v1/signup', { email, password });
  if (status !== 200) throw new Error(`sign-up answered ${status}`);
  return signedIn(address, email, body.access_token);
}

/** The account of someone who signed up before. */
export async function signIn(address: string, email: string): Promise<Person> {
  const wanted = { email, password };
  const { status, body } = await askAtlas(address, '/auth/v1/token?grant_type=password', wanted);
  if (status !== 200) throw new Error(`sign-in answered ${status}`);
  return signedIn(address, email, body.access_token);
}

function signedIn(address: string, email: string, token: string): Person {
  const call = (name: string, body: unknown) =>
    askAtlas(address, `/rest/v1/rpc/${name}`, body, { authorization: `Bearer ${token}` });
  return { email, token, call, sync: (request) => call('sync', { request }) };
}

export const device = 'testdevice01';

/** The first request of a device: no ops, it brings the time. */
export const firstRequest: SyncRequest = { v: 1, device, epoch: null, cursor: null, ops: [], limit: 100 };

/** Writes one conversation by the protocol; its id is made of the number. */
export async function writeConversation(person: Person, number: number, title: string): Promise<Answered> {
  const { body: first } = await person.sync(firstRequest);
  const clock = makeClock(first.time, number, device);
  const set = { title: [title, clock], trashed: [false, clock] };
  const op = { kind: 'conversation', id: conversationId(number), origin: 'live', made: {}, set };
  return person.sync({ ...firstRequest, epoch: first.epoch, cursor: first.cursor, ops: [op] });
}

/** The titles the server has for this person. */
export async function titles(person: Person): Promise<string[]> {
  const { body } = await person.sync(firstRequest);
  return body.changes.map((row: { title: string }) => row.title).sort();
}

export function conversationId(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** The key that opens everything, as a script on the server's machine reads it. */
export async function secretKey(dataDir: string): Promise<string> {
  return JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8')).secretKey;
}
