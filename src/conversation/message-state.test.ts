import { expect, test } from 'vitest';
import { stateOfMessage } from './message-state.ts';

test('a message is called sent only when the server has it', () => {
  expect(stateOfMessage(true, undefined)).toBe('sent');
  expect(stateOfMessage(false, undefined)).toBe('saved');
  expect(stateOfMessage(false, 'waiting')).toBe('saved');
});

test('on its way, unconfirmed and refused are told apart', () => {
  expect(stateOfMessage(false, 'sending')).toBe('sending');
  expect(stateOfMessage(false, 'unconfirmed')).toBe('unconfirmed');
  expect(stateOfMessage(false, 'refused')).toBe('failed');
});
