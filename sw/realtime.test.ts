import { expect, test, vi } from 'vitest';
import type { AccountRecord, ProblemCode } from '../contract/database.ts';
import type { Store } from './engine/ports.ts';
import { seededRandom } from './engine/testing/device.ts';
import { memoryStore } from './engine/testing/memory-store.ts';
import { type RealtimeParts, startRealtime } from './realtime.ts';
import type { Line, LineEvents } from './realtime-line.ts';
import { memoryRegistry, sessionOf } from './testing/parts.ts';

const ann = sessionOf('ann');

/** A worker of Ann's with a page in sight; `log` has what its lines were told and what it asked of sync. */
function worker() {
  const store = memoryStore('a00000000000');
  const registry = memoryRegistry(ann);
  const log: string[] = [];
  const lines: LineEvents[] = [];
  const at = { now: 0, visible: true, online: true, user: ann.user as AccountRecord['user'], due: 0 };
  const current = async () => ({ account: { database: store.database, user: at.user }, store });
  const openLine: RealtimeParts['openLine'] = (_config, user, token, events): Line => {
    log.push(`open for ${user} with ${token}`);
    const nth = lines.push(events);
    return { renew: (next) => void log.push(`renew ${nth} with ${next}`), close: () => void log.push(`close ${nth}`) };
  };
  const realtime = startRealtime({
    registry,
    accounts: { current, named: current, forget: () => undefined },
    sync: { trigger: async (kind) => void log.push(kind) },
    alarm: { set: (due) => void Object.assign(at, { due }), look: () => undefined },
    time: { now: () => at.now },
    random: seededRandom(1),
    openLine,
    pageVisible: async () => at.visible,
    online: () => at.online,
    failed(error) {
      throw error;
    },
  });
  const line = (): LineEvents => {
    const last = lines.at(-1);
    if (last === undefined) throw new Error('there is no line');
    return last;
  };
  const live = async () => {
    await realtime.look();
    line().joined();
  };
  return { ...realtime, store, registry, log, at, line, becomeLive: live };
}

test('it listens for the account in use with its token, and syncs when it is joined', async () => {
  const { becomeLive, live, log } = worker();
  await becomeLive();
  expect(live()).toBe(true);
  expect(log).toEqual(['open for id-ann with first-access', 'joined']);
});

test('looking often opens one line only', async () => {
  const { look, log } = worker();
  await Promise.all([look(), look(), look()]);
  expect(log).toHaveLength(1);
});

test('a line that breaks has polling come back at once, and is had again after a pause', async () => {
  const { becomeLive, look, live, log, at, line } = worker();
  await becomeLive();
  line().lost(false);
  expect([live(), log.at(-1)]).toEqual([false, 'poll']);
  expect(log).toContain('close 1');
  await look();
  expect(log.filter((what) => what.startsWith('open'))).toHaveLength(1);
  at.now = at.due;
  await look();
  expect(log.filter((what) => what.startsWith('open'))).toHaveLength(2);
});

/** The device is called `mine00000000` and has everything up to this seq. */
function stands(store: Store, seq: number): Promise<void> {
  return store.change('relaxed', async (stored) => {
    stored.putState({ ...(await stored.state()), device: 'mine00000000', cursor: { seq, floor: null } });
  });
}

test('what others wrote is synced; what this device wrote or has is not', async () => {
  const { becomeLive, store, log, line } = worker();
  await stands(store, 10);
  await becomeLive();
  line().poke({ seq: 11, device: 'mine00000000' });
  line().poke({ seq: 10, device: 'other0000000' });
  line().poke({ seq: 11, device: 'other0000000' });
  await vi.waitFor(() => expect(log).toContain('poke'));
  expect(log.filter((what) => what === 'poke')).toHaveLength(1);
});

test('what was written under this device’s name and does not come with an answer was written by a copy of it', async () => {
  vi.useFakeTimers();
  try {
    const { becomeLive, store, log, line } = worker();
    await stands(store, 10);
    await becomeLive();
    line().poke({ seq: 11, device: 'mine00000000' });
    await vi.advanceTimersByTimeAsync(5_000);
    await stands(store, 11);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log).not.toContain('poke');
    line().poke({ seq: 12, device: 'mine00000000' });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(log).toContain('poke');
  } finally {
    vi.useRealTimers();
  }
});

test.each<[why: string, change: Partial<ReturnType<typeof worker>['at']>]>([
  ['signing out', { user: null }],
  ['a network that is gone', { online: false }],
])('%s ends it at once', async (_why, change) => {
  const { becomeLive, look, live, log, at } = worker();
  await becomeLive();
  Object.assign(at, change);
  await look();
  expect(live()).toBe(false);
  expect(log).toContain('close 1');
  await look();
  expect(log.filter((what) => what.startsWith('open'))).toHaveLength(1);
});

function hasProblem(store: Store, code: ProblemCode): Promise<void> {
  return store.change('relaxed', async (stored) => {
    stored.putState({ ...(await stored.state()), problem: { code, at: 0, failures: 1 } });
  });
}

test('a session that does not count any more ends it', async () => {
  const { becomeLive, look, live, store, log } = worker();
  await becomeLive();
  await hasProblem(store, 'signed-out');
  await look();
  expect(live()).toBe(false);
  expect(log).toContain('close 1');
});

test('on a plan without sync it goes on, and hears of a better one', async () => {
  const { becomeLive, look, live, store, log, line } = worker();
  await becomeLive();
  await hasProblem(store, 'tier');
  await look();
  expect(live()).toBe(true);
  line().poke({ seq: null, device: null });
  await vi.waitFor(() => expect(log).toContain('poke'));
});

test('another account gets a line of its own, and the first one nothing more', async () => {
  const { becomeLive, look, log, at, registry, line } = worker();
  await becomeLive();
  const anns = line();
  const bob = sessionOf('bob');
  await registry.signIn(bob);
  at.user = bob.user;
  anns.poke({ seq: null, device: null });
  await look();
  expect(log.filter((what) => !['joined', 'poll'].includes(what))).toEqual([
    'open for id-ann with first-access',
    'close 1',
    'open for id-bob with first-access',
  ]);
});

test('a renewed token is given to the line that is open', async () => {
  const { becomeLive, look, log, registry } = worker();
  await becomeLive();
  await registry.keepRefreshed(sessionOf('ann', 'second'), ann);
  await look();
  await look();
  expect(log.filter((what) => what.startsWith('renew'))).toEqual(['renew 1 with second-access']);
});

test('without a session nothing is opened', async () => {
  const { look, live, log, registry } = worker();
  await registry.signOut();
  await look();
  expect([live(), log]).toEqual([false, []]);
});
