import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

function runs() {
  const finish: (() => void)[] = [];
  let running = 0;
  let most = 0;
  let count = 0;
  const ask = oneAtATime(async () => {
    count += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => finish.push(resolve));
    running -= 1;
  });
  return { ask, finish, seen: () => ({ count, most }) };
}

const yes = async () => true;
const no = async () => false;
const turns = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

test('however many ask during a run, one more follows, never two at a time', async () => {
  const { ask, finish, seen } = runs();
  const all = [ask(yes)];
  for (let i = 0; i < 100; i++) all.push(ask(yes));
  await turns();
  finish[0]?.();
  await turns();
  finish[1]?.();
  await Promise.all(all);
  expect(seen()).toEqual({ count: 2, most: 1 });
});

test('what a run has done already is not done again', async () => {
  const { ask, finish, seen } = runs();
  const all = [ask(yes), ask(no), ask(no)];
  await turns();
  finish[0]?.();
  await Promise.all(all);
  expect(seen()).toEqual({ count: 1, most: 1 });
});

test('a run that fails does not stop the next', async () => {
  let fail = true;
  const ask = oneAtATime(async () => {
    await turns();
    if (fail) throw new Error('failed');
  });
  const first = ask(yes);
  const second = ask(async () => {
    fail = false;
    return true;
  });
  await expect(first).rejects.toThrow('failed');
  await second;
});
