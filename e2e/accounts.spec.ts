import { expect, test } from './fixtures/atlas-test.ts';
import { newPerson } from './fixtures/people.ts';
import { carriesWork } from './fixtures/sync-requests.ts';
import { loseAnswer } from './network/faults.ts';

test('what was written without an account becomes the account’s, once', async ({ device, newcomer, server }) => {
  const a = await device();
  await a.writes('Before I had an account', 'Still before');
  await a.createsAccount(newcomer);
  await a.seesExactly(['Before I had an account', 'Still before']);
  await a.seesAllSent();
  await a.signsOut();
  await a.seesNoConversation('Before I had an account');
  await a.signsIn(newcomer);
  await a.seesConversation('Before I had an account');
  expect((await server.messagesOf(newcomer)).map(({ text }) => text)).toEqual([
    'Before I had an account',
    'Still before',
  ]);

  const b = await device();
  await b.signsIn(newcomer);
  await b.opensConversation('Before I had an account');
  await b.seesExactly(['Before I had an account', 'Still before']);
});

test('what was written without an account is handed over once, also when the worker dies in the middle', async ({
  device,
  newcomer,
  server,
}) => {
  const a = await device();
  await a.writes('Mine alone');
  a.console.expectNetworkTrouble();
  const held = a.network.when(carriesWork, loseAnswer('stall'));
  await a.createsAccount(newcomer);
  await held.fired();
  await a.losesItsWorker();
  await a.network.normal();
  await a.syncsNow();
  await a.seesState('Mine alone', 'Sent');
  expect((await server.messagesOf(newcomer)).length).toBe(1);
  expect(await server.titlesOf(newcomer)).toEqual(['Mine alone']);
});

test('what nobody wrote comes along to an account that has been on this device before, once', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.writes('Mine from before');
  await a.seesAllSent();
  await a.signsOut();
  await a.writes('Written signed out', 'And more of it');
  await a.startsConversation();
  await a.composer.fill('Half a thought');
  await a.signsIn(person);
  await a.seesConversation('Mine from before');
  await a.startsConversation();
  await expect(a.composer).toHaveValue('Half a thought');
  await a.opensConversation('Written signed out');
  await a.seesExactly(['Written signed out', 'And more of it']);
  await a.seesAllSent();
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual([
    'Mine from before',
    'Written signed out',
    'And more of it',
  ]);
  await a.signsOut();
  await a.seesNoConversation('Written signed out');
});

test('what nobody wrote stays on the device, and nobody’s, where the person who signs in does not want it', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.writes('Of somebody before me');
  await a.fillsIn(person);
  await a.signInDialog.getByRole('checkbox', { name: 'Bring them into this account' }).uncheck();
  await expect(a.signInDialog).toContainText('stay here, without an account');
  await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
  await a.isSignedIn();
  await a.seesNoConversation('Of somebody before me');
  await a.startsConversation();
  await a.writes('Mine');
  await a.seesAllSent();
  await a.signsOut();
  await a.seesConversation('Of somebody before me');
  await a.seesNoConversation('Mine');
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Mine']);
});

test('nobody sees on a shared browser what belongs to someone else', async ({ device, person, server }) => {
  const other = newPerson();
  await server.register(other);
  const a = await device();
  await a.signsIn(person);
  await a.writes('A secret of the first');
  await a.seesAllSent();
  const secret = new URL(a.page.url()).pathname;

  await a.signsOut();
  await a.seesNoConversation('A secret of the first');
  await a.signsIn(other);
  await a.seesNoConversation('A secret of the first');
  await a.opens(secret);
  await a.seesNot('A secret of the first');
  await a.startsConversation();
  await a.writes('A secret of the second');
  await a.seesAllSent();

  await a.signsOut();
  await a.signsIn(person);
  await a.seesConversation('A secret of the first');
  await a.seesNoConversation('A secret of the second');
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['A secret of the first']);
  expect((await server.messagesOf(other)).map(({ text }) => text)).toEqual(['A secret of the second']);
});

test('signing out with unsent messages asks, and what is kept goes with the next sign-in', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.writes('Not yet out');
  await a.asksToSignOut();
  const question = a.page.getByRole('alertdialog', { name: 'Unsent messages' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await a.sees('Not yet out');
  await a.asksToSignOut();
  await question.getByRole('button', { name: 'Keep on this device' }).click();
  await a.isSignedOut();
  await a.seesNoConversation('Not yet out');

  await a.network.up();
  await a.signsIn(person);
  await a.seesConversation('Not yet out');
  await expect.poll(async () => (await server.messagesOf(person)).length).toBe(1);
});

test('signing out can send first what is unsent', async ({ device, person, server }) => {
  const a = await device();
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  await a.network.down('refuse');
  await a.writes('Take this with you');
  await a.asksToSignOut();
  await a.network.up();
  await a.page.getByRole('button', { name: 'Send and sign out' }).click();
  await a.isSignedOut();
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Take this with you']);
});

test('a wrong password is said in plain words, and nothing changes', async ({ device, person }) => {
  const a = await device();
  await a.writes('Still here');
  a.console.expectNetworkTrouble();
  await a.fillsIn({ ...person, password: 'something else' });
  await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(a.signInDialog).toContainText('Email and password do not match.');
  await a.signInDialog.getByRole('button', { name: 'Close' }).click();
  await a.sees('Still here');
  await a.isSignedOut();
});

test('what is no e-mail address is said so, at the e-mail address', async ({ device }) => {
  const a = await device();
  await a.fillsIn({ email: 'ada at example', password: 'quiet river' });
  await a.signInDialog.getByRole('button', { name: 'Create account' }).click();
  await expect(a.signInDialog).toContainText('This is not an e-mail address.');
  const email = a.signInDialog.getByRole('textbox', { name: 'Email' });
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute('aria-invalid', 'true');
});

test('one unsent message is spoken of as one, and nothing read out stays after signing out', async ({
  device,
  person,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.goesOffline();
  await a.writes('Alone');
  await a.seesStatus(/Offline · 1 waiting/);
  await a.asksToSignOut();
  const question = a.page.getByRole('alertdialog', { name: 'Unsent messages' });
  await expect(question).toContainText('1 message has not been sent yet. You are offline, so it cannot go now.');
  await expect(question).toContainText('it waits for your next sign-in');
  await question.getByRole('button', { name: 'Keep on this device' }).click();
  await a.isSignedOut();
  await expect(a.page.locator('p[aria-live="polite"]')).toHaveText('');
});
