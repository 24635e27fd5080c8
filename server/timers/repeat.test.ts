import { afterEach, expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('it works at once and again and again, never twice at the same time', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  const stop = repeat(1, 'It failed', async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    done += 1;
  });
  await expect.poll(() => done, { interval: 1 }).toBeGreaterThan(3);
  await stop();
  expect(most).toBe(1);
});

test('ending it waits for what is under way, tells it so, and nothing comes after', async () => {
  let begun = 0;
  let ended = 0;
  const stop = repeat(1, 'It failed', (signal) => {
    begun += 1;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        ended += 1;
        resolve();
      });
    });
  });
  await expect.poll(() => begun, { interval: 1 }).toBe(1);
  await stop();
  expect([begun, ended]).toEqual([1, 1]);
});

test('it can be ended while it waits for the next time', async () => {
  let done = 0;
  const stop = repeat(3_600_000, 'It failed', async () => {
    done += 1;
  });
  await expect.poll(() => done, { interval: 1 }).toBe(1);
  await stop();
});

test('a failure is told once of its kind and without what it says, and it goes on', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  let tries = 0;
  const stop = repeat(1, 'It failed', async () => {
    tries += 1;
    throw Object.assign(new Error('a private thought'), { code: tries % 2 === 0 ? '57014' : '42883' });
  });
  await expect.poll(() => tries, { interval: 1 }).toBeGreaterThan(6);
  await stop();
  const lines = said.mock.calls.map(([text]) => String(text));
  expect(lines).toHaveLength(2);
  expect(lines.join()).toMatch(/^It failed: Error 42883.*It failed: Error 57014/s);
  expect(lines.join()).not.toContain('private thought');
});
