import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forgeToken } from '../../server/testing/forge-token.ts';
import { type RunningAtlas, startAtlas } from '../../server/testing/start-atlas.ts';
import { type Listener, openListener } from './listener.ts';
import { openWriter, type Writer } from './writer.ts';

/** Milliseconds. */
interface Spread {
  p50: number;
  p95: number;
  most: number;
}

export interface Listening {
  sockets: number;
  /** Of the server process, for each socket that is joined. */
  kilobytesEach: number;
  joinedPerSecond: number;
  /** From the request of the device that wrote until another one heard of it. */
  heardAfter: Spread;
  /** From that request until its answer. */
  answeredAfter: Spread;
  pokes: number;
}

const each = 3;
const writersMost = 20;
const joiningTogether = 50;
const patienceMs = 10_000;

/** So many devices listen at one server while some of their users write. */
export async function measureListening(
  sockets: number,
  pushes: number,
  say: (what: string) => void,
): Promise<Listening> {
  const atlas = await startAtlas({ env: { ATLAS_DATABASE: 'postgres' } });
  const listeners: Listener[] = [];
  try {
    const { publishableKey, jwtSecret } = JSON.parse(await readFile(join(atlas.dataDir, 'keys.json'), 'utf8'));
    const writers: Writer[] = [];
    for (let nth = 0; nth < writersMost; nth++) {
      writers.push(await openWriter(atlas.address, publishableKey, `writer${nth}@example.org`));
    }
    const people: Pick<Writer, 'user' | 'token'>[] = [...writers];
    while (people.length * each < sockets) people.push(stranger(jwtSecret));
    say(`${people.length} people`);

    const places = people.flatMap((person) => Array.from({ length: each }, () => person)).slice(0, sockets);
    const before = kilobytesOf(atlas);
    const began = performance.now();
    for (let at = 0; at < places.length; at += joiningTogether) {
      const joining = places
        .slice(at, at + joiningTogether)
        .map(({ user, token }) => openListener(atlas.address, publishableKey, user, token));
      listeners.push(...(await Promise.all(joining)));
    }
    const seconds = (performance.now() - began) / 1_000;
    const kilobytesEach = rounded((kilobytesOf(atlas) - before) / sockets);
    say(`${listeners.length} sockets joined in ${seconds.toFixed(1)} s`);

    const heardAfter: number[] = [];
    const answeredAfter: number[] = [];
    for (let nth = 0; nth < pushes; nth++) {
      const which = nth % writersMost;
      const writer = writers[which];
      if (writer === undefined) throw new Error('nobody writes');
      const writing = writer.write();
      const mine = listeners.slice(which * each, which * each + each);
      const hearing = Promise.all(mine.map((listener) => listener.heard(writing)));
      const { sent, answered } = await writing;
      answeredAfter.push(answered - sent);
      for (const at of await orLate(hearing)) heardAfter.push(at - sent);
      if (nth % 200 === 199) say(`${nth + 1} of ${pushes} writes heard`);
    }
    return {
      sockets: listeners.length,
      kilobytesEach,
      joinedPerSecond: Math.round(listeners.length / seconds),
      heardAfter: spread(heardAfter),
      answeredAfter: spread(answeredAfter),
      pokes: heardAfter.length,
    };
  } finally {
    for (const listener of listeners) listener.close();
    await atlas.stop();
  }
}

/** Whoever only listens needs no account. */
function stranger(secret: string): Pick<Writer, 'user' | 'token'> {
  const user = randomUUID();
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const token = forgeToken({ secret, claims: { sub: user, role: 'authenticated', aud: 'authenticated', exp } });
  return { user, token };
}

function orLate<T>(hearing: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('somebody did not hear of a change')), patienceMs);
    hearing.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** What the server's process holds in memory. */
function kilobytesOf({ pid }: RunningAtlas): number {
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
}

function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
