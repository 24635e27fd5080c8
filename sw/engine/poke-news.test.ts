import { expect, test } from 'vitest';
import { judgePoke } from './poke-news.ts';

const state = { device: 'mine00000000', cursor: { seq: 10, floor: null } };

test('what others wrote since is news, what this device has already is not', () => {
  expect(judgePoke({ seq: 11, device: 'other0000000' }, state)).toBe('news');
  expect(judgePoke({ seq: 11, device: null }, state)).toBe('news');
  expect(judgePoke({ seq: 10, device: 'other0000000' }, state)).toBe('known');
  expect(judgePoke({ seq: 10, device: 'mine00000000' }, state)).toBe('known');
});

test('what this device wrote comes with its answer', () => {
  expect(judgePoke({ seq: 11, device: 'mine00000000' }, state)).toBe('own');
});

test('a change that has no seq is news, and so is everything to a device that has nothing', () => {
  expect(judgePoke({ seq: null, device: null }, state)).toBe('news');
  expect(judgePoke({ seq: 1, device: 'other0000000' }, { ...state, cursor: null })).toBe('news');
});

test('what a newer server says in another way is news', () => {
  for (const said of [undefined, null, {}, 'look', { seq: '11' }]) expect(judgePoke(said, state)).toBe('news');
});
