import { beforeEach, expect, test } from 'vitest';
import { registryName, type SessionRecord } from '../../contract/database.ts';
import { openRegistry, type Registry } from './registry.ts';

let registry: Registry;

beforeEach(async () => {
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(registryName);
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  registry = openRegistry();
});

function sessionOf(name: string, token = 'first'): SessionRecord {
  const user = { id: `id-${name}`, email: `${name}@example.org` };
  return { user, accessToken: `${token}-access`, refreshToken: `${token}-refresh`, expiresAt: 2_000_000_000 };
}

test('a browser that was never used has nobody’s account, and keeps it', async () => {
  const first = await registry.current();
  expect(first.user).toBeNull();
  expect(await registry.current()).toEqual(first);
  expect(await openRegistry().current()).toEqual(first);
});

test('two workers that start at once make one account', async () => {
  const [one, other] = await Promise.all([openRegistry().current(), openRegistry().current()]);
  expect(one).toEqual(other);
});

test('the first sign-in hands nobody’s database over', async () => {
  const nobody = await registry.current();
  const account = await registry.signIn(sessionOf('ann'));
  expect(account).toEqual({ database: nobody.database, user: sessionOf('ann').user });
  expect(await registry.current()).toEqual(account);
});

test('after sign-out nobody has a fresh database, and signing in again opens the account’s own', async () => {
  await registry.current();
  const ann = await registry.signIn(sessionOf('ann'));
  await registry.signOut();
  const nobody = await registry.current();
  expect(nobody.user).toBeNull();
  expect(nobody.database).not.toBe(ann.database);
  expect(await registry.session()).toBeNull();
  expect((await registry.signIn(sessionOf('ann'))).database).toBe(ann.database);
});

test('what nobody wrote leaves into the account’s own database, and is shown to nobody else meanwhile', async () => {
  await registry.current();
  const ann = await registry.signIn(sessionOf('ann'));
  await registry.signOut();
  const nobody = await registry.current();
  await registry.signIn(sessionOf('ann'));
  expect(await registry.leaving()).toEqual([{ ...nobody, into: ann.database }]);
  await registry.signOut();
  const next = await registry.current();
  expect(next).toMatchObject({ user: null });
  expect(next.database).not.toBe(nobody.database);

  expect(await registry.arrived({ ...nobody, into: ann.database })).toBe('dropped');
  expect(await registry.leaving()).toEqual([]);
  expect(await registry.account(nobody.database)).toBeNull();
  expect(await registry.current()).toEqual(next);
});

test('a database that was emptied is dropped, once, and nobody gets a fresh one', async () => {
  await registry.current();
  const ann = await registry.signIn(sessionOf('ann'));
  await registry.signOut();
  const nobody = await registry.current();
  await registry.signIn(sessionOf('ann'));
  const leaving = { ...nobody, into: ann.database };
  expect(await registry.arrived(leaving)).toBe('dropped');
  expect(await registry.arrived(leaving)).toBe('before');
  expect(await registry.account(nobody.database)).toBeNull();
  await registry.signOut();
  const next = await registry.current();
  expect(next.user).toBeNull();
  expect(next.database).not.toBe(nobody.database);
});

test('another person who signs in gets a database of their own', async () => {
  await registry.current();
  const ann = await registry.signIn(sessionOf('ann'));
  const bob = await registry.signIn(sessionOf('bob'));
  expect(bob.database).not.toBe(ann.database);
  expect((await registry.session())?.user.id).toBe('id-bob');
});

test('refreshed tokens are not stored over another person’s session', async () => {
  await registry.current();
  const ann = sessionOf('ann');
  await registry.signIn(ann);
  await registry.signIn(sessionOf('bob', 'other'));
  await registry.keepRefreshed(sessionOf('ann', 'second'), ann);
  await registry.dropSession(ann);
  expect((await registry.session())?.user.id).toBe('id-bob');
});

test('a refused session goes and the account stays', async () => {
  const ann = sessionOf('ann');
  const account = await registry.signIn(ann);
  await registry.dropSession(ann);
  expect(await registry.session()).toBeNull();
  expect(await registry.current()).toEqual(account);
});

test('what nobody wrote stays nobody’s where that is wanted', async () => {
  const nobody = await registry.current();
  const ann = await registry.signIn(sessionOf('ann'), true);
  expect(ann.database).not.toBe(nobody.database);
  await registry.signOut();
  expect(await registry.current()).toEqual(nobody);
  expect(await registry.signIn(sessionOf('ann'), true)).toEqual(ann);
  expect(await registry.leaving()).toEqual([]);
  await registry.signOut();
  expect(await registry.current()).toEqual(nobody);
});
