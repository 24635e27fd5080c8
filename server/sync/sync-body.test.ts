import { expect, test } from 'vitest';
import { judgeBody } from './sync-body.ts';

test.each([
  '{"request":{}}',
  ' {"request": {"v": 1, "ops": [{"set": {"text": ["Grüße 😀 \\ud83d\\ude00 \\\\u0000", "1"]}}]}} ',
])('%s is a request', (text) => {
  expect(judgeBody(text)).toBe('request');
});

test.each([
  '{"request":{"a":"\\u0000"}}',
  '{"request":{"a":[{"b":"\\ud800"}]}}',
  '{"request":{"a":"\\uDC00\\uD800"}}',
  '{"request":{"\\u0000":1}}',
])('%s holds what no database keeps', (text) => {
  expect(judgeBody(text)).toBe('unstorable');
});

test.each(['', 'null', '[]', '5', '{}', '{"request":', '{"request":null}', '{"request":[]}', '{"request":"{}"}'])(
  '%s is left to others',
  (text) => {
    expect(judgeBody(text)).toBe('other');
  },
);

test('what has more than a request in it is left to others', () => {
  expect(judgeBody('{"request":{},"more":1}')).toBe('other');
});

test('no depth and no width of a body ends it', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(judgeBody(`{"request":{"a":${deep}}}`)).toBe('unstorable');
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i])));
  expect(judgeBody(`{"request":{"a":${wide},"b":"\\u0000"}}`)).toBe('unstorable');
});
