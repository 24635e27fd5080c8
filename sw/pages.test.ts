import { expect, test } from 'vitest';
import { followPages } from './pages.ts';

const here = { visible: true, online: true };
const hidden = { visible: false, online: true };
const offline = { visible: true, online: false };

test('a page that is shown, and one that was hidden and is shown again, asks for a sync; one that stays does not', () => {
  const pages = followPages();
  expect(pages.hello('one', here)).toEqual(['visible']);
  expect(pages.hello('one', here)).toEqual([]);
  expect(pages.hello('two', here)).toEqual(['visible']);
  expect(pages.hello('one', hidden)).toEqual(['hidden']);
  expect(pages.hello('one', hidden)).toEqual([]);
  expect(pages.hello('one', here)).toEqual(['visible']);
});

test('the network is gone when a page says so, and its return asks for a sync', () => {
  const pages = followPages();
  expect(pages.online()).toBe(true);
  pages.hello('one', offline);
  expect(pages.online()).toBe(false);
  expect(pages.hello('one', here)).toEqual(['online']);
  expect(pages.online()).toBe(true);
});
