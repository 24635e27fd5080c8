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

test('a page that says what it said before only keeps the worker awake', () => {
  const pages = followPages();
  expect(pages.heard('one', here)).toBe(false);
  pages.hello('one', here);
  expect(pages.heard('one', here)).toBe(true);
  expect(pages.heard('two', here)).toBe(false);
  expect(pages.heard('one', hidden)).toBe(false);
  expect(pages.heard('one', offline)).toBe(false);
});

test('what the browser says of the line is known, and of that only what matters is news', () => {
  const pages = followPages();
  pages.hello('one', here);
  expect(pages.connection()).toBeNull();
  const slow = { ...here, connection: { saveData: false, effectiveType: '2g', rtt: 800 } };
  expect(pages.heard('one', slow)).toBe(false);
  pages.hello('one', slow);
  expect(pages.connection()).toEqual(slow.connection);
  expect(pages.heard('one', { ...slow, connection: { ...slow.connection, rtt: 825 } })).toBe(true);
  expect(pages.heard('one', { ...slow, connection: { ...slow.connection, saveData: true } })).toBe(false);
  pages.hello('two', here);
  expect(pages.connection()).toEqual(slow.connection);
});

test('a page that was closed is forgotten', () => {
  const pages = followPages();
  pages.hello('one', here);
  pages.hello('two', here);
  pages.keepOnly(new Set(['two']));
  expect(pages.heard('one', here)).toBe(false);
  expect(pages.heard('two', here)).toBe(true);
});
