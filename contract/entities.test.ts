import { describe, expect, test } from 'vitest';
import { makeClock } from './clock.ts';
import { fieldProblem, parseRow } from './entities.ts';
import { newId } from './ids.ts';
import { limits } from './limits.ts';
import { seenFields } from './overlay.ts';
import { shortened, wellFormed } from './text.ts';
import { storedRow, type WriteOp } from './wire.ts';

const device = 'k3j9x0q2m7ab';
const clock = makeClock(10, 0, device);
const op: WriteOp<'message'> = {
  kind: 'message',
  id: newId(1, crypto),
  origin: 'live',
  made: { conversation: newId(1, crypto), role: 'user', parent: null, attempt: 0 },
  set: { text: ['Hello', clock] },
};

describe('a stored op', () => {
  test('and what the server says differs make the whole row', () => {
    expect(parseRow(storedRow(op, { seq: 7, differs: { pos: 7, at: 99 } }))).toEqual({
      kind: 'message',
      id: op.id,
      seq: 7,
      pos: 7,
      at: 99,
      ...op.made,
      text: 'Hello',
      clocks: { text: clock },
    });
  });

  test('gives way to a later write that the server had', () => {
    const later = makeClock(20, 0, 'aaaaaaaaaaaa');
    const row = storedRow(op, { seq: 7, differs: { pos: 3, at: 99, text: 'Newer', clocks: { text: later } } });
    expect(row).toMatchObject({ text: 'Newer', clocks: { text: later }, pos: 3 });
  });
});

describe('a row from the server', () => {
  const row = storedRow(op, { seq: 7, differs: { pos: 7, at: 99 } }) as Record<string, unknown>;

  test.each([
    ['no clocks', { clocks: {} }],
    ['a seq of nothing', { seq: 0 }],
    ['a text that is no text', { text: 5 }],
    ['a text beyond the limit', { text: 'x'.repeat(limits.textCharacters + 1) }],
    ['a role nobody has', { role: 'system' }],
    ['a kind nobody knows', { kind: 'toString' }],
  ])('with %s is not applied', (_what, wrong) => {
    expect(parseRow({ ...row, ...wrong })).toBeNull();
  });

  test('with fields of a newer version is read all the same', () => {
    expect(parseRow({ ...row, mood: 'calm' })).not.toBeNull();
  });

  test.each([null, 5, 'row', []])('that is %j is not applied', (wrong) => {
    expect(parseRow(wrong)).toBeNull();
  });
});

describe('what people see', () => {
  test('is what they wrote over what the server said', () => {
    const written = { device: 1, server: null, seen: null, order: 1 };
    const base = { title: 'Old', trashed: false };
    const seen = seenFields<'conversation'>({
      base: base as never,
      local: { title: { value: 'New', clock: null, written } },
    });
    expect(seen).toMatchObject({ title: 'New', trashed: false });
  });
});

describe('text', () => {
  test('loses what neither JSON nor the database can carry', () => {
    expect(wellFormed('a\0b\ud800c')).toBe('ab\ufffdc');
  });

  test('is never cut through a character', () => {
    expect(shortened('ab😀', 3)).toBe('ab');
    expect(shortened('ab😀', 4)).toBe('ab😀');
  });

  test('in a field must fit the field', () => {
    expect(fieldProblem('conversation', 'title', 'x'.repeat(limits.titleCharacters + 1))).not.toBeNull();
    expect(fieldProblem('conversation', 'colour', 'red')).toContain('no field colour');
    expect(fieldProblem('conversation', 'trashed', true)).toBeNull();
  });
});
