import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryName } from '../contract/database.ts';
import { newId } from '../contract/ids.ts';
import { bringAlong, writable } from './bring-along.ts';
import { renameConversation } from './engine/change-conversation.ts';
import { writeMessage } from './engine/write-message.ts';
import { type OpenAccount, type OpenAccounts, openAccounts } from './open-accounts.ts';
import { openRegistry } from './store/registry.ts';
import { sessionOf, silent } from './testing/parts.ts';

function removed(name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = reject;
  });
}

const ann = sessionOf('ann');
const databases = async () => (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
let before: string[] = [];

beforeEach(async () => {
  await removed(registryName);
  before = await databases();
});

afterEach(async () => {
  for (const name of await databases()) if (!before.includes(name)) await removed(name);
});

const writing = () => ({ now: Date.now(), origin: 'import' }) as const;

async function write({ store }: OpenAccount, texts: string[]): Promise<void> {
  const conversation = newId(Date.now(), crypto);
  for (const text of texts) {
    const message = { id: newId(Date.now(), crypto), conversation, parent: null, text };
    await store.change('strict', (stored) => writeMessage(stored, message, writing()));
  }
}

async function texts(accounts: OpenAccounts): Promise<unknown[]> {
  const { store } = await accounts.current();
  const messages = await store.read((stored) => stored.everyEntity('message'));
  return messages.sort((a, b) => a.rank - b.rank).map(({ local }) => local.text?.value);
}

/** Ann has been here, and nobody has written something since. */
async function annWasHere() {
  const registry = openRegistry();
  const accounts = openAccounts(registry);
  await registry.current();
  await registry.signIn(ann);
  await write(await accounts.current(), ['hers']);
  await registry.signOut();
  await write(await accounts.current(), ['one', 'two']);
  return { registry, accounts };
}

test('what nobody wrote comes along to an account that has been here before, and is nobody’s no more', async () => {
  const { registry, accounts } = await annWasHere();
  await registry.signIn(ann);
  await bringAlong({ registry, accounts, notices: silent });
  expect(await texts(accounts)).toEqual(['hers', 'one', 'two']);
  expect(await registry.leaving()).toEqual([]);
  await registry.signOut();
  expect(await texts(accounts)).toEqual([]);
});

test('a move that the worker did not live to see is made by the next one, also after signing out', async () => {
  const { registry } = await annWasHere();
  await registry.signIn(ann);
  await registry.signOut();

  const next = openRegistry();
  const accounts = openAccounts(next);
  expect(await texts(accounts)).toEqual([]);
  await write(await accounts.current(), ['somebody else’s']);
  await bringAlong({ registry: next, accounts, notices: silent });
  expect(await texts(accounts)).toEqual(['somebody else’s']);
  expect(await next.leaving()).toEqual([]);
  await next.signIn(ann);
  await bringAlong({ registry: next, accounts, notices: silent });
  expect(await texts(accounts)).toEqual(['hers', 'one', 'two', 'somebody else’s']);
});

test('a page that still shows nobody’s conversations writes to where they went', async () => {
  const { registry, accounts } = await annWasHere();
  const parts = { registry, accounts, notices: silent };
  const nobody = await registry.current();
  const [{ id: conversation } = { id: '' }] = await (await accounts.current()).store.read((stored) =>
    stored.everyEntity('conversation'),
  );
  await registry.signIn(ann);
  const inUse = await writable(parts, nobody.database);
  expect(inUse.account.user).toEqual(ann.user);
  await inUse.store.change('strict', (stored) => renameConversation(stored, conversation, 'Renamed', writing()));
  await bringAlong(parts);
  const { store } = await accounts.current();
  const home = await store.read((stored) => stored.entity('conversation', conversation));
  expect(home?.local.title?.value).toBe('Renamed');
  expect(await texts(accounts)).toEqual(['hers', 'one', 'two']);
});

test('nothing that is written while the account changes is lost or there twice', async () => {
  const { registry, accounts } = await annWasHere();
  const parts = { registry, accounts, notices: silent };
  const { database } = await registry.current();
  const [{ id: conversation } = { id: '' }] = await (await accounts.current()).store.read((stored) =>
    stored.everyEntity('conversation'),
  );
  const many = Array.from({ length: 40 }, (_, index) => `number ${index}`);
  const writes = many.map(async (text, index) => {
    for (let turns = 0; turns < index; turns++) await registry.session();
    const inUse = await writable(parts, database);
    const message = { id: newId(Date.now(), crypto), conversation, parent: null, text };
    await inUse.store.change('strict', (stored) => writeMessage(stored, message, writing()));
  });
  await registry.signIn(ann);
  await Promise.all([...writes, bringAlong(parts)]);
  await bringAlong(parts);
  expect((await texts(accounts)).sort()).toEqual(['hers', 'one', 'two', ...many].sort());
  await registry.signOut();
  expect(await texts(accounts)).toEqual([]);
});

test('a database that cannot be opened holds nothing else up, and stays to come along later', async () => {
  const { registry } = await annWasHere();
  const nobody = await registry.current();
  await registry.signIn(ann);
  const later = await opened(nobody.database, 999);
  const next = openRegistry();
  const accounts = openAccounts(next);
  await bringAlong({ registry: next, accounts, notices: silent });
  expect(await texts(accounts)).toEqual(['hers']);
  expect(await next.leaving()).toMatchObject([{ database: nobody.database }]);
  later.close();
});

/** Opens a database in the layout of a version of the app that is not there yet. */
function opened(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });
}
