import { expect, test } from 'vitest';
import { makeTurns } from './turns.ts';

test('work that takes several steps is not interrupted by other work', async () => {
  const inTurn = makeTurns();
  const log: string[] = [];
  const steps = (name: string) => async () => {
    for (const step of ['begins', 'goes on', 'ends']) {
      log.push(`${name} ${step}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return name;
  };
  const both = await Promise.all([inTurn(steps('one')), inTurn(steps('other'))]);
  expect(both).toEqual(['one', 'other']);
  expect(log).toEqual(['one begins', 'one goes on', 'one ends', 'other begins', 'other goes on', 'other ends']);
});

test('work that fails tells whoever asked for it and holds up nobody', async () => {
  const inTurn = makeTurns();
  const failing = inTurn(() => Promise.reject(new Error('failed')));
  const next = inTurn(async () => 'well');
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('well');
});
