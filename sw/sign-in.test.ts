import { expect, test } from 'vitest';
import type { ProblemCode } from '../contract/database.ts';
import type { CommandError } from '../contract/page-messages.ts';
import type { Sync } from './engine/start-sync.ts';
import { leave } from './sign-in.ts';
import { memoryRegistry, sessionOf } from './testing/parts.ts';

const ann = sessionOf('ann');

function syncWith(waiting: { ready: number; all: number }, problem: ProblemCode | null = null) {
  const triggers: string[] = [];
  const sync: Sync = {
    trigger: async (kind) => void triggers.push(kind),
    start: async () => undefined,
    written: async () => undefined,
    switched: () => undefined,
    waiting: async () => waiting,
    problem: async () => problem,
    worthTrying: async () => false,
  };
  return { sync, triggers };
}

test('who has unsent work is asked first, and stays signed in', async () => {
  const registry = memoryRegistry(ann);
  const { sync, triggers } = syncWith({ ready: 0, all: 1 });
  expect(await leave(registry, sync, 'ask')).toEqual({ is: 'refused', error: 'unsent' });
  expect(await registry.session()).toEqual(ann);
  expect(triggers).toEqual([]);
  expect(await leave(registry, sync, 'keep')).toEqual({ is: 'left', session: ann });
});

const reasons: [ProblemCode | null, CommandError][] = [
  ['network', 'offline'],
  ['tier', 'no-sync'],
  ['account-gone', 'no-sync'],
  ['signed-out', 'signed-out'],
  ['throttled', 'throttled'],
  ['server', 'server'],
  [null, 'server'],
];

for (const [problem, error] of reasons) {
  test(`what cannot be sent before signing out because of ${problem} is answered ${error}`, async () => {
    const registry = memoryRegistry(ann);
    const { sync, triggers } = syncWith({ ready: 1, all: 1 }, problem);
    expect(await leave(registry, sync, 'send')).toEqual({ is: 'refused', error });
    expect(triggers).toEqual(['sync-now']);
    expect(await registry.session()).toEqual(ann);
  });
}

test('once everything was sent, and where nobody is signed in, nothing holds anyone', async () => {
  const { sync } = syncWith({ ready: 0, all: 0 });
  expect(await leave(memoryRegistry(ann), sync, 'send')).toEqual({ is: 'left', session: ann });
  expect(await leave(memoryRegistry(null), sync, 'ask')).toEqual({ is: 'left', session: null });
});

test('who leaves an account that was deleted is asked, since nobody can come back to it', async () => {
  const registry = memoryRegistry(ann);
  const { sync } = syncWith({ ready: 0, all: 0 }, 'account-gone');
  expect(await leave(registry, sync, 'ask')).toEqual({ is: 'refused', error: 'unsent' });
  expect(await registry.session()).toEqual(ann);
  expect(await leave(registry, sync, 'keep')).toEqual({ is: 'left', session: ann });
});
