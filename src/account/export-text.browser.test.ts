import { expect, test } from 'vitest';
import { accountFixture, syncedConversation, syncedMessage, testId } from '../testing/account-fixture.ts';
import { words } from '../words/words.ts';
import { textOf } from './export-text.ts';

test('a file of what is here says where earlier messages are missing', async () => {
  const account = await accountFixture();
  await account.conversation({ ...syncedConversation(testId(1), 'in part', 20), floor: 7 });
  await account.message(syncedMessage(testId(101), testId(1), 'here', 20));
  await account.conversation(syncedConversation(testId(2), 'whole', 10));
  await account.message(syncedMessage(testId(102), testId(2), 'all of it', 10));
  const [title, note, message, ...rest] = await textOf(account.database);
  expect([title, note]).toEqual(['# in part\n\n', `${words.earlierOnServer}\n\n`]);
  expect(message).toContain('here');
  expect(rest[0]).toBe('# whole\n\n');
  expect(rest.join('')).not.toContain(words.earlierOnServer);
  await account.remove();
});
