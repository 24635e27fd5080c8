import { expect, test } from 'vitest';
import { paragraphs } from './paragraphs.ts';

test('an empty line parts paragraphs, a single one does not', () => {
  expect(paragraphs('one\ntwo\n\nthree')).toEqual(['one\ntwo', 'three']);
  expect(paragraphs('one\n  \t\n\n\ntwo')).toEqual(['one', 'two']);
});

test('the indent of a paragraph and of its lines stays', () => {
  expect(paragraphs('list:\n\n  - one\n  - two')).toEqual(['list:', '  - one\n  - two']);
});

test('a text without words has no paragraphs', () => {
  expect(paragraphs('')).toEqual([]);
  expect(paragraphs(' \n\n ')).toEqual([]);
});
