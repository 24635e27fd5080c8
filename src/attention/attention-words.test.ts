import { expect, test } from 'vitest';
import { canRetry } from './attention-words.ts';

const here = { id: 'c', title: 'here' };

test('trying again is offered where it can help', () => {
  expect(canRetry({ is: 'message', refusal: 'too-long', conversation: here })).toBe(true);
  expect(canRetry({ is: 'title', refusal: 'bad-op', conversation: here })).toBe(true);
  expect(canRetry({ is: 'deletion', refusal: 'bad-op', conversation: null })).toBe(true);
});

test('what belongs to a conversation that is gone is offered a new one instead', () => {
  expect(canRetry({ is: 'message', refusal: 'gone', conversation: null })).toBe(false);
  expect(canRetry({ is: 'message', refusal: 'gone', conversation: here })).toBe(false);
  expect(canRetry({ is: 'message', refusal: 'no-conversation', conversation: null })).toBe(false);
  expect(canRetry({ is: 'draft', refusal: null, conversation: null })).toBe(false);
});
