import { expect, test } from 'vitest';
import { titleFromText } from './title-from-text.ts';

test('a title is the first line', () => {
  expect(titleFromText('\n  What is  tea?\nAnd coffee?')).toBe('What is tea?');
});

test('a long first line is cut between words, at sixty characters at most', () => {
  const title = titleFromText(`${'word '.repeat(30)}end`);
  expect(title.length).toBeLessThanOrEqual(60);
  expect(title).toMatch(/word…$/);
});

test('a word without end is cut, never through a character', () => {
  const title = titleFromText('😀'.repeat(80));
  expect(title.length).toBeLessThanOrEqual(60);
  expect(title.isWellFormed()).toBe(true);
});
