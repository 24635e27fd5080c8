import { expect, test } from 'vitest';
import { newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';
import { writeMessage } from './write-message.ts';

/** Sends `text` from the page `one` into a conversation whose draft is `draft`; what is left of that. */
async function draftAfter(text: string, draft: { text: string; page?: string }): Promise<string | undefined> {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  await device.write('Hello', conversation);
  const message = { id: device.newId(), conversation, parent: null, text, page: 'one' };
  await device.do(async (stored) => stored.putDraft({ conversation, ...draft }));
  await device.do((stored, writing) => writeMessage(stored, message, writing));
  return (await device.store.read((stored) => stored.draft(conversation)))?.text;
}

test('sending in one tab leaves the draft of another', async () => {
  expect(await draftAfter('Sent here', { text: 'Typed there', page: 'two' })).toBe('Typed there');
});

test('a draft goes with the message it became, also where its last keys were never kept', async () => {
  expect(await draftAfter('Half a thought', { text: 'Half a thought' })).toBeUndefined();
  expect(await draftAfter('Half a thought', { text: 'Half a ', page: 'two' })).toBeUndefined();
  expect(await draftAfter('A whole thought', { text: 'Half a thought', page: 'one' })).toBeUndefined();
});

test('the draft of a new conversation stays where it is another one’s', async () => {
  const device = newDevice(new ModelServer());
  await device.do(async (stored) => stored.putDraft({ conversation: 'new', text: 'Typed there', page: 'two' }));
  await device.write('Sent here', device.newId());
  expect(await device.store.read((stored) => stored.draft('new'))).toMatchObject({ text: 'Typed there' });
});
