import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askAtlas, device, type Person, secretKey, signIn, signUp, writeConversation } from '../testing/ask-atlas.ts';
import { claimsOf, type Ear, listen, topicOf } from '../testing/listen.ts';
import { type PostgresServer, startPostgresServer } from '../testing/postgres-server.ts';
import { type RunningAtlas, startAtlas, temporaryFolder } from '../testing/start-atlas.ts';

let operators: PostgresServer;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  operators = await startPostgresServer(folder);
});
afterAll(async () => {
  await operators.stop();
  await rm(folder, { recursive: true, force: true });
});

const ears: Ear[] = [];
afterEach(async () => {
  await Promise.all(ears.splice(0).map((ear) => ear.close()));
});

async function hearing(atlas: RunningAtlas, person: Person): Promise<Ear> {
  const ear = await listen(atlas.address, person.token, topicOf(person));
  ears.push(ear);
  await expect.poll(() => ear.states).toEqual(['SUBSCRIBED']);
  return ear;
}

const databases: [name: string, env: () => Record<string, string>][] = [
  ['embedded PostgreSQL', () => ({ ATLAS_DATABASE: 'postgres' })],
  ['PGlite', () => ({ ATLAS_DATABASE: 'pglite' })],
  ["a server of the operator's", () => ({ DATABASE_URL: operators.url })],
];

describe.each(databases)('on %s', (name, env) => {
  let atlas: RunningAtlas;
  let ann: Person;
  let dataDir: string;
  let people = 0;

  const someone = () => signUp(atlas.address, `person${people++}@example.org`);

  beforeAll(async () => {
    dataDir = await temporaryFolder();
    atlas = await startAtlas({ env: env(), dataDir });
    ann = await someone();
  });
  afterAll(async () => {
    await atlas.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('who listens hears of every change at once, with its seq and the device that wrote it, and nobody else does', async () => {
    const [bob, ear] = [await someone(), await hearing(atlas, ann)];
    const other = await hearing(atlas, bob);
    const { body } = await writeConversation(ann, 1, 'Holiday');
    await expect.poll(() => ear.pokes).toEqual([{ seq: body.cursor.seq, device }]);
    await writeConversation(bob, 2, 'Mine');
    await expect.poll(() => other.pokes).toHaveLength(1);
    expect(ear.pokes).toHaveLength(1);
  });

  test('a request that changes nothing is not told of', async () => {
    const ear = await hearing(atlas, ann);
    await writeConversation(ann, 5, 'Once');
    await writeConversation(ann, 6, 'Twice');
    await expect.poll(() => ear.pokes).toHaveLength(2);
    await ann.sync({ v: 1, device: 'idledevice01', epoch: null, cursor: null, ops: [], limit: 100 });
    await writeConversation(ann, 7, 'Thrice');
    await expect.poll(() => ear.pokes).toHaveLength(3);
  });

  test('a change of tier and the end of an account are told, for whatever seq', async () => {
    const bob = await someone();
    const ear = await hearing(atlas, bob);
    const asOperator = { apikey: await secretKey(dataDir) };
    await askAtlas(atlas.address, '/rest/v1/rpc/set_tier', { email: bob.email, tier: 'core' }, asOperator);
    await expect.poll(() => ear.pokes).toEqual([{ seq: null, device: null }]);
    await bob.call('delete_account', {});
    await expect.poll(() => ear.pokes).toHaveLength(2);
  });

  if (name !== 'PGlite') {
    const url = () => (name === 'embedded PostgreSQL' ? embeddedUrl(dataDir) : operators.url);

    test('what is written at the SQL prompt is told too, once for a transaction', async () => {
      const ear = await hearing(atlas, ann);
      await writeAtPrompt(await url(), ann, ['One', 'Two']);
      await expect.poll(() => ear.pokes).toMatchObject([{ seq: expect.any(Number), device: null }]);
      await writeConversation(ann, 40, 'Later');
      await expect.poll(() => ear.pokes).toHaveLength(2);
    });
  }

  if (name === 'embedded PostgreSQL') {
    test('after the database died and came back, everybody is told to look, and hears of changes again', async () => {
      const ear = await hearing(atlas, ann);
      const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => ear.pokes, { timeout: 30_000 }).toEqual([{ seq: null, device: null }]);
      await writeAtPrompt(await embeddedUrl(dataDir), ann, ['Three']);
      await expect.poll(() => ear.pokes).toHaveLength(2);
      expect(ear.states).toEqual(['SUBSCRIBED']);
    });
  }

  if (name === "a server of the operator's") {
    test('who listens at one server hears what was sent to another one', async () => {
      const other = await startAtlas({ env: env() });
      try {
        const there = await signIn(other.address, ann.email);
        const [ear, theirs] = [await hearing(atlas, ann), await hearing(other, there)];
        await writeConversation(ann, 45, 'Here');
        await expect.poll(() => ear.pokes).toMatchObject([{ seq: expect.any(Number) }]);
        await expect.poll(() => theirs.pokes).toEqual(ear.pokes);
      } finally {
        await other.stop();
      }
    });
  }

  test('when the server stops it says so, and listeners come back to the next one by themselves', async () => {
    const bob = await someone();
    const ear = await hearing(atlas, bob);
    const { port } = new URL(atlas.address);
    await atlas.stop();
    await expect.poll(() => ear.states[1]).toMatch(/^CHANNEL_ERROR socket closed: 1001/);
    atlas = await startAtlas({ dataDir, env: { ...env(), PORT: port } });
    await expect.poll(() => ear.states.at(-1), { timeout: 15_000 }).toBe('SUBSCRIBED');
    await writeConversation(bob, 50, 'Back');
    await expect.poll(() => ear.pokes).toHaveLength(1);
  });
});

/** Writes conversations as a person with a database client does, in one transaction. */
async function writeAtPrompt(url: string, person: Person, titles: string[]): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const { sub } = claimsOf(person);
  await sql.begin(async (transaction) => {
    for (const title of titles) {
      await transaction`insert into atlas.conversations (user_id, id, title) values (${sub}, gen_random_uuid(), ${title})`;
    }
  });
  await sql.end();
}

async function embeddedUrl(dataDir: string): Promise<string> {
  const { databasePassword } = JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8'));
  const port = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3];
  return `postgres://postgres:${databasePassword}@127.0.0.1:${port}/postgres`;
}
