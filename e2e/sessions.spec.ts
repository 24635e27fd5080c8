import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';
import { newPerson } from './fixtures/people.ts';
import { changeSession, type StoredSession } from './fixtures/stored-session.ts';
import { anySync, carriesWork } from './fixtures/sync-requests.ts';
import { cutRequest, loseAnswer } from './network/faults.ts';

const refresh = 'POST /auth/v1/token?grant_type=refresh_token';
/** A token that no server takes. */
const ended = { accessToken: 'ended' };

/** Another session than the one it knows stands on the device's disk, as after a long time or in an old copy. */
async function finds(a: Device, session: Partial<StoredSession>): Promise<StoredSession> {
  const before = await changeSession(a.page, session);
  // A worker that runs remembers what it was let in with.
  await a.losesItsWorker();
  return before;
}

function signInAgain(a: Device) {
  return a.conversations.locator('..').getByRole('button', { name: 'Sign in again' });
}

test('a session that ended while nobody looked asks to sign in again, and goes on with everything that is here', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.writes('Before the long journey');
  await a.seesAllSent();
  a.console.expectNetworkTrouble();
  await finds(a, ended);
  await server.sql`delete from auth.sessions where user_id = (select id from auth.users where email = ${person.email})`;
  await a.writes('Written on the way');
  await a.seesStatus('Sync problem: please sign in again');
  await a.reloads();
  await a.opensConversation('Before the long journey');
  await a.seesExactly(['Before the long journey', 'Written on the way']);
  await a.writes('And later still');

  await a.showsList();
  await signInAgain(a).click();
  await expect(a.signInDialog.getByRole('textbox', { name: 'Email' })).toHaveValue(person.email);
  await a.signInDialog.getByRole('textbox', { name: 'Password' }).fill(person.password);
  await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(a.signInDialog).toBeHidden();
  await expect(signInAgain(a)).toHaveCount(0);
  await a.opensConversation('Before the long journey');
  await a.seesAllSent();
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual([
    'Before the long journey',
    'Written on the way',
    'And later still',
  ]);
});

test('an old copy of a profile is asked to sign in again, and loses nothing', async ({ device, person, server }) => {
  const a = await device();
  await a.signsIn(person);
  await a.writes('Known everywhere');
  await a.seesAllSent();
  a.console.expectNetworkTrouble();
  const copied = await finds(a, ended);
  for (let used = 1; used <= 2; used++) {
    await a.syncsNow();
    await expect.poll(() => a.network.requests(refresh).length).toBe(used);
    await a.seesStatus('Synced just now');
    await finds(a, ended);
  }
  await finds(a, { ...copied, ...ended });
  await a.writes('Written in the copy');
  await a.seesStatus('Sync problem: please sign in again');
  await a.showsList();
  await signInAgain(a).click();
  await a.signInDialog.getByRole('textbox', { name: 'Password' }).fill(person.password);
  await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
  await a.opensConversation('Known everywhere');
  await a.seesAllSent();
  expect((await server.messagesOf(person)).length).toBe(2);
});

test('two tabs that need a new token ask for one', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.writes('Anything');
  await a.seesAllSent();
  const other = await a.context.newPage();
  await other.goto(a.page.url());
  const there = other.getByRole('button', { name: 'Sync now' });
  await expect(there).toBeVisible();
  await finds(a, ended);
  await Promise.all([a.syncNow.click(), there.click()]);
  await a.writes('And more');
  await a.seesAllSent();
  expect(a.network.requests(refresh)).toHaveLength(1);
});

test('nobody is signed out because the network fails while a new token is fetched', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.writes('Still mine');
  await a.seesAllSent();
  await finds(a, ended);
  const cut = a.network.when(refresh, cutRequest(), { times: Number.POSITIVE_INFINITY });
  await a.writes('Said in a tunnel');
  await cut.fired();
  await a.seesState('Said in a tunnel', 'Saved on this device');
  cut.lift();
  // The server has given new tokens, and nobody here knows them.
  const lost = a.network.when(refresh, loseAnswer());
  await a.syncsNow();
  await lost.fired();
  await a.syncsNow();
  await a.seesAllSent();
  await expect(signInAgain(a)).toHaveCount(0);
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Still mine', 'Said in a tunnel']);
});

test('a login page of a wireless network signs nobody out', async ({ device, person }) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await finds(a, ended);
  const portal = { status: 200, contentType: 'text/html', body: '<html>Welcome to our wireless network</html>' };
  const tunnels = ['**/auth/v1/**', '**/rest/v1/**', '**/config.json'];
  for (const path of tunnels) await a.context.route(path, (route) => route.fulfill(portal));
  await a.writes('Written in the café');
  await a.syncsNow();
  await a.seesStatus(/Sync problem: the server/);
  await expect(signInAgain(a)).toHaveCount(0);
  for (const path of tunnels) await a.context.unroute(path);
  await a.syncsNow();
  await a.seesAllSent();
});

test('what one person’s request carries stays that person’s when another signs in before the answer', async ({
  device,
  person,
  server,
}) => {
  const other = newPerson();
  await server.register(other);
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const held = a.network.when(carriesWork, cutRequest(0, 'stall'));
  await a.writes('Of the first person');
  await held.fired();
  await a.asksToSignOut();
  await a.page.getByRole('button', { name: 'Keep on this device' }).click();
  await a.isSignedOut();
  await a.signsIn(other);
  await a.writes('Of the second person');
  held.release();
  await a.seesAllSent();
  await a.seesNoConversation('Of the first person');
  expect((await server.messagesOf(other)).map(({ text }) => text)).toEqual(['Of the second person']);
  await a.signsOut();
  await a.signsIn(person);
  await a.opensConversation('Of the first person');
  await a.seesAllSent();
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Of the first person']);
});

test('of an account that was deleted everything here stays readable, and can be taken along as text', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.writes('It was on the server');
  await a.seesAllSent();
  a.console.expectNetworkTrouble();
  await server.sql`select public.erase_account(${person.email})`;
  await a.writes('It was never there');
  await a.seesStatus('Sync problem: this account was deleted');
  await a.showsList();
  const download = a.page.waitForEvent('download');
  await a.page.getByRole('button', { name: 'Export text' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toMatch(/# It was on the server\n\nYou, .+\nIt was on the server\n\nYou, .+\nIt was never there\n/);

  await a.asksToSignOut();
  const question = a.page.getByRole('alertdialog', { name: 'Unsent messages' });
  await expect(question).toContainText('This account was deleted.');
  await expect(question.getByRole('button', { name: 'Send and sign out' })).toHaveCount(0);
  await question.getByRole('button', { name: 'Sign out' }).click();
  await a.isSignedOut();
  await a.seesNoConversation('It was on the server');
});

test('a version that is too old says so, offers an update, and sends what waits when it has that', async ({
  device,
  person,
  server,
  otherWorker,
}) => {
  const a = await device({ through: otherWorker.address });
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const body = JSON.stringify({ is: 'refused', code: 'too-old', message: 'Update the app.' });
  await a.context.route('**/rpc/sync', (route) =>
    route.fulfill({ status: 426, contentType: 'application/json', body }),
  );
  await a.writes('From the past');
  await a.seesStatus('Sync problem: Atlas needs an update');
  await a.showsList();
  const update = a.page.getByRole('button', { name: 'Update', exact: true });
  await update.click();
  await expect(a.page.getByText('There is no newer version to be had yet.')).toBeVisible();
  expect(a.network.requests(anySync).length).toBeGreaterThan(0);

  await a.context.unroute('**/rpc/sync');
  otherWorker.serves({ after: '// the next version' });
  const reloaded = a.page.waitForEvent('load');
  await update.click();
  await reloaded;
  await a.isReady();
  await expect.poll(async () => (await server.messagesOf(person)).length).toBe(1);
  await a.opensConversation('From the past');
  await a.seesAllSent();
  await expect(update).toHaveCount(0);
});
