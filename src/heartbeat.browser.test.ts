import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../contract/page-messages.ts';

const { said } = vi.hoisted(() => ({ said: [] as Command[] }));
vi.mock('./commands.ts', () => ({
  ask: async (command: Command) => {
    said.push(command);
    return { ok: true };
  },
}));
const { startHeartbeat } = await import('./heartbeat.ts');

const minute = 60_000;
let seen: DocumentVisibilityState = 'visible';

function becomes(state: DocumentVisibilityState): void {
  seen = state;
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Whether each hello of these said that the page is in sight. */
function sights(): boolean[] {
  return said.splice(0).flatMap((command) => (command.do === 'hello' ? [command.visible] : []));
}

// All that follows is one page, which has one heartbeat.
vi.useFakeTimers();
Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => seen });
startHeartbeat();

beforeEach(async () => {
  becomes('visible');
  await vi.advanceTimersByTimeAsync(0);
  said.length = 0;
});

afterAll(() => {
  vi.useRealTimers();
});

test('a page in sight keeps the worker awake, which would go to sleep after half a minute', async () => {
  await vi.advanceTimersByTimeAsync(5 * minute);
  expect(sights()).toEqual(Array(15).fill(true));
});

test('a page out of sight says so and lets the worker sleep', async () => {
  becomes('hidden');
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(sights()).toEqual([false]);
  becomes('visible');
  expect(sights()).toEqual([true]);
});

test('a page that is left, put to sleep, woken or taken back from the cache says so', async () => {
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  document.dispatchEvent(new Event('freeze'));
  document.dispatchEvent(new Event('resume'));
  expect(sights()).toEqual([false, true, false, true]);
});

test('the line is described where the browser knows it', async () => {
  dispatchEvent(new Event('online'));
  expect(said.at(-1)).toMatchObject({
    do: 'hello',
    online: true,
    connection: { saveData: false, effectiveType: expect.any(String), rtt: expect.any(Number) },
  });
});
