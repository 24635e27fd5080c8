import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reply } from '../contract/page-messages.ts';
import { workerAlarm } from './alarm.ts';
import { commandAnswerer } from './answer-command.ts';
import { ModelServer } from './engine/testing/model-server.ts';
import { openNotices } from './notices.ts';
import { followPages } from './pages.ts';
import { startSync } from './sync.ts';
import { memoryRegistry, sessionOf, syncParts } from './testing/parts.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const hour = 3_600_000;
const beatMs = 20_000;
/** What a day may leave in memory. */
const mostBytes = 600_000;

let listeners = 0;
let channels = 0;

class CountedChannel {
  onmessage: unknown = null;
  constructor() {
    channels += 1;
  }
  postMessage(): void {
    // Nobody listens.
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  vi.stubGlobal('BroadcastChannel', CountedChannel);
  listeners = 0;
  channels = 0;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function add(this: EventTarget, ...args) {
    listeners += 1;
    return addEventListener.apply(this, args);
  });
  vi.spyOn(EventTarget.prototype, 'removeEventListener').mockImplementation(function remove(
    this: EventTarget,
    ...args
  ) {
    listeners -= 1;
    return removeEventListener.apply(this, args);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The worker with a page in sight, its server a model and its databases in memory. */
function worker() {
  const server = new ModelServer();
  const { parts, store } = syncParts(() => ({ is: 'no-answer', lost: false }));
  const counts = { syncs: 0, reads: 0, replies: 0 };
  const registry = memoryRegistry(sessionOf('ann'));
  const { current } = registry;
  registry.current = () => {
    counts.reads += 1;
    return current();
  };
  const accounts = {
    ...parts.accounts,
    current: async () => ({ ...(await parts.accounts.current()), account: await registry.current() }),
  };
  const notices = openNotices();
  const alarm = workerAlarm();
  const sync = startSync({
    ...parts,
    accounts,
    notices,
    alarm,
    server: {
      ...parts.server,
      async sync(request) {
        counts.syncs += 1;
        server.time = Date.now();
        return { is: 'answered', answer: server.answer(request), at: Date.now() };
      },
    },
  });
  const pages = followPages();
  const openPages = async () => new Set(['a page']);
  const lookAtRealtime = () => undefined;
  const older = { bring: async () => null, switched: () => undefined };
  const answer = commandAnswerer({
    ...{ registry, accounts, sync, notices, pages, openPages, lookAtRealtime, older },
    lookAtAlarm: alarm.look,
  });
  const reply = ({ ok }: Reply) => {
    counts.replies += ok ? 1 : 0;
  };
  const hello = (command: string, visible = true) =>
    answer({ command, ask: { do: 'hello', visible, online: true } }, 'a page', reply);
  return { hello, counts, store };
}

async function hours(many: number, hello: (command: string) => Promise<void>): Promise<void> {
  for (let beat = 0; beat < (many * hour) / beatMs; beat++) {
    const heard = hello(`beat ${beat}`);
    await vi.advanceTimersByTimeAsync(beatMs);
    await heard;
  }
}

function standing() {
  collectGarbage();
  return { timers: vi.getTimerCount(), listeners, channels, bytes: process.memoryUsage().heapUsed };
}

test('a day with the app in sight leaves no timer, listener or channel behind, and memory as it was', async () => {
  const { hello, counts } = worker();
  // What grows to its full size in the first hours, as the log of syncs does, is not counted.
  await hours(6, hello);
  const before = standing();
  expect(before.timers).toBe(1);
  await hours(18, hello);
  const after = standing();
  expect({ ...after, bytes: 0 }).toEqual({ ...before, bytes: 0 });
  expect(after.bytes - before.bytes).toBeLessThan(mostBytes);
  expect(counts.replies).toBe((24 * hour) / beatMs);
  // The plan says 30 seconds.
  expect(counts.syncs).toBeGreaterThan(2_000);
  expect(counts.syncs).toBeLessThan(2_900);
});

test('a heartbeat with nothing new opens no database', async () => {
  const { hello, counts, store } = worker();
  await hello('first');
  const opened = vi.spyOn(store, 'read');
  const changed = vi.spyOn(store, 'change');
  const { reads, replies } = counts;
  for (let beat = 0; beat < 20; beat++) await hello(`beat ${beat}`);
  expect(counts).toMatchObject({ reads, replies: replies + 20 });
  expect(opened).not.toHaveBeenCalled();
  expect(changed).not.toHaveBeenCalled();
  await hello('hidden', false);
  expect(counts.reads).toBeGreaterThan(reads);
});
