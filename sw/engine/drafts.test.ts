import { expect, test } from 'vitest';
import { keepDraft, sentDraft } from './drafts.ts';
import { memoryStore } from './testing/memory-store.ts';

const conversation = 'new';

function pages() {
  const store = memoryStore('a00000000000');
  const open = new Set(['one', 'two']);
  return {
    open,
    keep: (page: string, text: string) =>
      store.change('strict', (stored) => keepDraft(stored, { conversation, text, page }, open)),
    send: (page: string, text: string) =>
      store.change('strict', (stored) => sentDraft(stored, { conversation, text, page })),
    shown: () => store.read(async (stored) => (await stored.draft(conversation))?.text),
  };
}

test('what is typed and sent in one tab does not take away what was typed in another', async () => {
  const { keep, send, shown } = pages();
  await keep('two', 'Typed there');
  await keep('one', 'Typed');
  await keep('one', 'Typed here');
  expect(await shown()).toBe('Typed here');
  await send('one', 'Typed here!');
  expect(await shown()).toBe('Typed there');
  await keep('two', 'Typed there, too');
  await send('two', 'Typed there, too');
  expect(await shown()).toBeUndefined();
});

test('emptying the composer of one tab leaves the other’s text', async () => {
  const { keep, shown } = pages();
  await keep('two', 'Typed there');
  await keep('one', 'Typed here');
  await keep('one', '');
  expect(await shown()).toBe('Typed there');
  await keep('two', '');
  expect(await shown()).toBeUndefined();
});

test('what a page that is gone left is changed by the page that opened it again, and goes with what that sends', async () => {
  const { open, keep, send, shown } = pages();
  await keep('one', 'Before the reload');
  open.delete('one');
  open.add('one again');
  await keep('one again', 'After the reload');
  await send('one again', 'After the reload');
  expect(await shown()).toBeUndefined();
});

test('a draft that two tabs show goes from both when one of them sends it', async () => {
  const { keep, send, shown } = pages();
  await keep('one', 'The same');
  await keep('two', 'The same, and more');
  await send('two', 'The same, and more');
  expect(await shown()).toBeUndefined();
});
