import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning } from './data/process-start.ts';
import { conversationId, firstRequest, signIn, signUp, titles, writeConversation } from './testing/ask-atlas.ts';
import { type RunningAtlas, refusedStart, startAtlas, temporaryFolder } from './testing/start-atlas.ts';

let dataDir: string;
const running: RunningAtlas[] = [];

beforeEach(async () => {
  dataDir = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((atlas) => atlas.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<RunningAtlas> {
  const atlas = await startAtlas({ dataDir, env });
  running.push(atlas);
  return atlas;
}

/** The database process of the data folder, as PostgreSQL notes it. */
async function databasePid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('it says where it is, which database it uses, and what to set to change that', async () => {
  const atlas = await start();
  const said = atlas.output();
  expect(said).toContain(`Atlas is running at ${atlas.address} (Ctrl-C ends it)`);
  expect(said).toMatch(/database +embedded PostgreSQL 18\.\d+ in .*postgres/);
  expect(said).toMatch(/assistant +none yet/);
  for (const name of ['DATABASE_URL', 'ATLAS_DATABASE', 'ATLAS_DEFAULT_TIER', 'ATLAS_DATA_DIR', 'PORT', 'HOST']) {
    expect(said).toContain(name);
  }
});

test('Ctrl-C ends it with its database, and the next start has everything that was there', async () => {
  const first = await start();
  const person = await signUp(first.address, 'ann@example.org');
  await writeConversation(person, 1, 'Holiday');
  const database = await databasePid();
  expect(await first.stop()).toBe(0);
  expect([isRunning(first.pid), isRunning(database)]).toEqual([false, false]);

  const second = await start();
  expect(await titles(await signIn(second.address, 'ann@example.org'))).toEqual(['Holiday']);
  // A token of the first life is still good: the keys are the same.
  const stillGood = await fetch(`${second.address}/auth/v1/user`, { headers: await headersOf(second, person.token) });
  expect(stillGood.status).toBe(200);
});

async function headersOf(atlas: RunningAtlas, token: string) {
  const { publishableKey } = await (await fetch(`${atlas.address}/config.json`)).json();
  return { apikey: publishableKey, authorization: `Bearer ${token}` };
}

test('killed in the middle of writes, it loses nothing it confirmed, and the next start ends the database left behind', async () => {
  const first = await start();
  const person = await signUp(first.address, 'ann@example.org');
  const confirmed: string[] = [];
  let killed = false;
  const writing = (async () => {
    for (let number = 0; ; number++) {
      const { body } = await writeConversation(person, number, `Title ${number}`);
      if (body.results[0].is === 'stored') confirmed.push(`Title ${number}`);
    }
  })().catch(() => killed);
  await expect.poll(() => confirmed.length, { interval: 5, timeout: 30_000 }).toBeGreaterThan(20);
  const database = await databasePid();
  killed = true;
  await first.kill();
  expect(await writing).toBe(true);
  expect(isRunning(database)).toBe(true);

  const second = await start();
  expect(isRunning(database)).toBe(false);
  expect(second.output()).toContain('A database that outlived its Atlas was ended.');
  expect(await titles(await signIn(second.address, 'ann@example.org'))).toEqual(
    expect.arrayContaining([...confirmed].sort()),
  );
});

test('killed together with its database, it loses nothing it confirmed', async () => {
  const first = await start();
  const person = await signUp(first.address, 'ann@example.org');
  await writeConversation(person, 7, 'Kept');
  const database = await databasePid();
  await first.kill();
  process.kill(database, 'SIGKILL');
  const second = await start();
  const { body } = await (await signIn(second.address, 'ann@example.org')).sync(firstRequest);
  expect(body.changes).toMatchObject([{ id: conversationId(7), title: 'Kept' }]);
});

test('Ctrl-C lets an answer under way arrive and ends it, whoever keeps connections open or never finishes sending', async () => {
  const atlas = await start();
  const { hostname, port } = new URL(atlas.address);
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise((resolve, reject) => {
      get({ hostname, port, path: '/health', agent }, (response) => response.resume().once('end', resolve)).once(
        'error',
        reject,
      );
    });
  await Promise.all(Array.from({ length: 300 }, ask));
  const lingering = [
    'POST /rest/v1/rpc/sync HTTP/1.1\r\nHost: atlas\r\nX-Slow: ',
    'POST /rest/v1/rpc/sync HTTP/1.1\r\nHost: atlas\r\nContent-Length: 1000\r\n\r\nabc',
    '',
  ];
  const sockets = Array.from({ length: 90 }, (_, i) => {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write(lingering[i % lingering.length] ?? '');
    return socket;
  });
  await Promise.all(sockets.map((socket) => socket.connecting && once(socket, 'connect')));
  const { publishableKey } = await (await fetch(`${atlas.address}/config.json`)).json();
  const body = JSON.stringify({ email: 'ann@example.org', password: 'a good password' });
  const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signingUp = request(`${atlas.address}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: publishableKey, expect: '100-continue', ...length },
  });
  signingUp.flushHeaders();
  // The server says so when it has begun with this request.
  await once(signingUp, 'continue');
  const ended = atlas.stop();
  signingUp.end(body);
  const [answer] = await once(signingUp, 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
  expect(await ended).toBe(0);
  agent.destroy();
  for (const socket of sockets) socket.destroy();
});

test('a database that dies alone is started again, and nobody has to sign in again', async () => {
  const atlas = await start();
  const person = await signUp(atlas.address, 'ann@example.org');
  await writeConversation(person, 1, 'Holiday');
  const database = await databasePid();
  process.kill(database, 'SIGKILL');
  await expect.poll(() => isRunning(database), { timeout: 20_000 }).toBe(false);
  const healthy = async () => (await fetch(`${atlas.address}/health`)).status;
  await expect.poll(healthy, { timeout: 20_000 }).toBe(200);
  await expect.poll(() => titles(person).catch(() => []), { timeout: 20_000 }).toEqual(['Holiday']);
});

test('a second Atlas on the same data folder is refused, and the first goes on', async () => {
  const first = await start();
  const { code, error } = await refusedStart({ ATLAS_DATA_DIR: dataDir });
  const other = `Another Atlas (process ${first.pid} at ${first.address}) is using the data folder ${dataDir}`;
  expect(error).toBe(`${other}: stop it, or set ATLAS_DATA_DIR to another folder.\n`);
  expect(code).toBe(1);
  expect((await fetch(`${first.address}/health`)).status).toBe(200);
});

test('a port that is taken is refused in one sentence', async () => {
  const first = await start();
  const { port } = new URL(first.address);
  const elsewhere = await temporaryFolder();
  const { code, error } = await refusedStart({ ATLAS_DATA_DIR: elsewhere, PORT: port });
  expect([code, error]).toEqual([1, `Port ${port} is taken by another program: set PORT to a free one.\n`]);
  await rm(elsewhere, { recursive: true });
});

test.each([
  [{ PORT: 'http' }, /^PORT must be .*\n$/],
  [{ ATLAS_DATA_DIR: '/proc/atlas' }, /^Atlas cannot write to its data folder \/proc\/atlas \(\w+\): set .*\n$/],
  [{ DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }, /^The database of DATABASE_URL cannot be used: .*\n$/],
  [
    { DATABASE_URL: 'postgres://p:x@db.abc.supabase.co/postgres' },
    /^DATABASE_URL names a hosted Supabase project.*\n$/,
  ],
  [{ HOST: '192.0.2.1' }, /^Atlas cannot listen on 192\.0\.2\.1 \(EADDRNOTAVAIL\): set HOST .*\n$/],
])('%o is refused in one sentence with exit code 1', async (env, sentence) => {
  const { code, error } = await refusedStart({ ATLAS_DATA_DIR: dataDir, ...env });
  expect(error).toMatch(sentence);
  expect(code).toBe(1);
});

test('data of a newer Atlas is refused in one sentence', async () => {
  await writeFile(join(dataDir, 'version'), '7\n');
  const { code, error } = await refusedStart({ ATLAS_DATA_DIR: dataDir });
  expect(error).toMatch(
    /^The data in .* was written by a newer Atlas \(data version 7, this one knows 1\): update Atlas\.\n$/,
  );
  expect(code).toBe(1);
});

function operator(command: string, ...words: string[]) {
  const script = join(import.meta.dirname, '..', 'scripts', 'operator.mjs');
  const env = { ...process.env, ATLAS_DATA_DIR: dataDir };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, ...words], {
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

const tier = (...words: string[]) => operator('tier', ...words);

test('npm run tier changes an account, while Atlas runs and while it does not', async () => {
  const atlas = await start({ ATLAS_DEFAULT_TIER: 'core' });
  const person = await signUp(atlas.address, 'ann@example.org');
  const policy = async () => (await person.sync(firstRequest)).body.policy?.tier;
  expect(await policy()).toBe('core');
  expect(tier('Ann@example.org', 'studio')).toEqual({
    status: 0,
    said: 'Ann@example.org is on the tier studio now.\n',
  });
  expect(await policy()).toBe('studio');
  const missing = { status: 1, said: 'There is no account with the e-mail address bob@example.org.\n' };
  expect(tier('bob@example.org', 'free')).toEqual(missing);
  await atlas.stop();

  expect(tier('ann@example.org', 'free')).toEqual({ status: 0, said: 'ann@example.org is on the tier free now.\n' });
  const again = await start();
  expect((await (await signIn(again.address, 'ann@example.org')).sync(firstRequest)).status).toBe(403);
});

test('npm run tier says what is wrong with what it was asked', () => {
  expect(tier('ann@example.org', 'gold').said).toBe('There is no tier "gold": it is free, core or studio.\n');
  expect(tier('ann@example.org').said).toContain('npm run tier -- EMAIL TIER');
  const nothing = tier('ann@example.org', 'free');
  expect(nothing).toEqual({ status: 1, said: expect.stringContaining(`There is no Atlas in ${dataDir} yet`) });
});

test('npm run delete-account deletes an account for good, and says so when there is none', async () => {
  const atlas = await start();
  const person = await signUp(atlas.address, 'ann@example.org');
  await writeConversation(person, 1, 'Holiday');
  const deleted = 'The account of Ann@example.org is deleted, with everything the server had of it.\n';
  expect(operator('delete-account', 'Ann@example.org')).toEqual({ status: 0, said: deleted });
  const { status, body } = await person.sync(firstRequest);
  expect([status, body.code]).toEqual([410, 'gone']);
  await expect(signIn(atlas.address, 'ann@example.org')).rejects.toThrow('400');
  const missing = { status: 1, said: 'There is no account with the e-mail address Ann@example.org.\n' };
  expect(operator('delete-account', 'Ann@example.org')).toEqual(missing);
  expect(operator('delete-account')).toMatchObject({ status: 1, said: expect.stringContaining('-- EMAIL.') });
});

test('npm run restore-epoch opens a new epoch, before Atlas starts or while it runs, which it advises against', async () => {
  const first = await start();
  const person = await signUp(first.address, 'ann@example.org');
  const { body: before } = await person.sync(firstRequest);
  await first.stop();

  const opened = operator('restore-epoch');
  expect(opened).toEqual({
    status: 0,
    said: expect.stringMatching(/^A new epoch is open \(\w+\): every device .*\n$/),
  });
  const second = await start();
  const again = await signIn(second.address, 'ann@example.org');
  const { body: reset } = await again.sync({ ...firstRequest, epoch: before.epoch, cursor: before.cursor });
  expect(reset.is).toBe('reset');
  expect(opened.said).toContain(reset.epoch);

  expect(operator('restore-epoch').said).toMatch(/^A new epoch is open .*\nAtlas was running meanwhile: .*\n$/);
  expect((await again.sync(firstRequest)).body.epoch).not.toBe(reset.epoch);
  expect(operator('restore-epoch', 'now').status).toBe(1);
});
