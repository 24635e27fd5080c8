import { expect, test } from 'vitest';
import { makeWaitingRoom } from './waiting-room.ts';

test('who connects often without joining keeps nobody else out', () => {
  const room = makeWaitingRoom();
  const out = Array.from({ length: 200 }, () => room.enter('192.0.2.1'));
  expect(out).not.toContain(null);
  expect(room.enter('192.0.2.1')).toBeNull();
  expect(room.enter('192.0.2.2')).not.toBeNull();
});

test('a place that was left is free again, once', () => {
  const room = makeWaitingRoom();
  const [first] = Array.from({ length: 200 }, () => room.enter('192.0.2.1'));
  first?.();
  first?.();
  expect(room.size()).toBe(199);
  expect(room.enter('192.0.2.1')).not.toBeNull();
  expect(room.enter('192.0.2.1')).toBeNull();
});

test('from however many addresses, no more wait than there is room for', () => {
  const room = makeWaitingRoom();
  for (let nth = 0; nth < 3_000; nth++) room.enter(`192.0.2.${nth}`);
  expect(room.size()).toBe(2_000);
});
