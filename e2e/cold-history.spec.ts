import { expect, test } from './fixtures/atlas-test.ts';

const dayMs = 86_400_000;

test('a conversation of last year is on a new device by name, and its messages come when it is opened', async ({
  device,
  person,
  server,
}) => {
  const a = await device();
  await a.signsIn(person);
  await a.startsConversation();
  await a.writes('Last year', 'What we said', 'And what came of it');
  await a.seesAllSent();
  await server.wasActive(person, 'Last year', new Date(Date.now() - 300 * dayMs));

  const b = await device();
  await b.signsIn(person);
  await b.seesConversation('Last year');
  await b.seesStatus(/Synced/);
  await b.goesOffline();
  await b.opensConversation('Last year');
  await expect(b.messages.getByText('Older messages are on the server. They come when you are online.')).toBeVisible();
  await b.seesExactly([]);

  await b.comesOnline();
  await b.seesExactly(['Last year', 'What we said', 'And what came of it']);
  await b.writes('And now again');
  await b.seesAllSent();
  await b.goesOffline();
  await b.reloads();
  await b.seesExactly(['Last year', 'What we said', 'And what came of it', 'And now again']);
});
