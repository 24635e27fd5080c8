import { expect, test } from 'vitest';
import { decide, type Situation } from './schedule.ts';
import { createSyncLoop } from './sync-loop.ts';

function loopAt(start: number, more: Partial<Situation> = {}) {
  const at: Situation = {
    now: start,
    nextDue: start + 30_000,
    problem: null,
    lastSynced: start - 20_000,
    policy: null,
    waiting: true,
    pageVisible: true,
    online: true,
    live: false,
    polling: true,
    ...more,
  };
  const log: string[] = [];
  /** How the disk is: whether what gathers is kept, and what a decision waits for. */
  const disk = { keeps: true, slow: Promise.resolve() };
  let finish: (() => void)[] = [];
  let set: { at: number; then: () => void } | null = null;
  const loop = createSyncLoop({
    time: { now: () => at.now },
    alarm: {
      set(due, then) {
        set = { at: due, then };
      },
    },
    async decide(kind) {
      const { slow } = disk;
      const decision = decide(kind, at);
      if (decision.gathered !== undefined && disk.keeps) at.gathered = decision.gathered;
      await slow;
      return decision;
    },
    run() {
      // A sync takes all that has gathered.
      at.gathered = {};
      log.push(`run at ${at.now - start}`);
      return new Promise((resolve) => finish.push(resolve));
    },
    failed(error) {
      throw error;
    },
  });
  const turns = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  return {
    at,
    disk,
    log,
    loop,
    turns,
    async finish() {
      const done = finish;
      finish = [];
      for (const one of done) one();
      await turns();
    },
    async passTo(ms: number) {
      at.now = start + ms;
      if (set !== null && set.at <= at.now) set.then();
      await turns();
    },
    /** The alarm goes off, whatever the time; a timer does so once. */
    async goesOff() {
      const alarm = set;
      set = null;
      alarm?.then();
      await turns();
    },
    alarm: () => (set === null ? null : set.at - start),
  };
}

test('a thousand triggers at once make at most two syncs', async () => {
  const { loop, log, turns, finish } = loopAt(1_000_000);
  for (let i = 0; i < 1_000; i++) void loop.trigger('message');
  await turns();
  expect(log).toHaveLength(1);
  await finish();
  await finish();
  expect(log).toHaveLength(2);
});

test('a trigger during a sync is served once after it', async () => {
  const { loop, log, turns, finish } = loopAt(1_000_000);
  const first = loop.trigger('message');
  await turns();
  const second = loop.trigger('message');
  const third = loop.trigger('sync-now');
  await turns();
  expect(log).toHaveLength(1);
  await finish();
  await first;
  expect(log).toHaveLength(2);
  await finish();
  await Promise.all([second, third]);
  expect(log).toHaveLength(2);
});

test('a title is sent five seconds after the last key', async () => {
  const { loop, log, turns, passTo, finish } = loopAt(1_000_000);
  const first = loop.trigger('title');
  await turns();
  await passTo(4_000);
  const second = loop.trigger('title');
  await turns();
  await passTo(5_000);
  expect(log).toEqual([]);
  await passTo(9_000);
  expect(log).toEqual(['run at 9000']);
  await finish();
  await Promise.all([first, second]);
});

test('hiding the page sends at once what was being waited for', async () => {
  const { loop, log, turns, finish } = loopAt(1_000_000);
  const title = loop.trigger('title');
  await turns();
  const hidden = loop.trigger('hidden');
  await turns();
  expect(log).toEqual(['run at 0']);
  await finish();
  await Promise.all([title, hidden]);
});

test('an alarm that goes off before its time is set again, and who waits for it is served', async () => {
  const { at, loop, log, alarm, goesOff, passTo, finish, turns } = loopAt(1_000_000);
  let served = false;
  const waits = loop.trigger('title').then(() => {
    served = true;
  });
  await turns();
  expect(alarm()).toBe(5_000);
  // Timers are a little early at times, and clocks are set back.
  at.now += 4_999;
  await goesOff();
  expect(alarm()).toBe(5_000);
  expect(served).toBe(false);
  await passTo(5_000);
  await finish();
  await waits;
  expect(log).toEqual(['run at 5000']);
});

test('a poll that is not due sets the alarm for when it is', async () => {
  const { loop, log, alarm, passTo, turns } = loopAt(1_000_000, { waiting: false });
  await loop.trigger('poll');
  expect(log).toEqual([]);
  expect(alarm()).toBe(30_000);
  await passTo(30_000);
  await turns();
  expect(log).toEqual(['run at 30000']);
});

test('Background Sync does not send what is still being typed, and waits for it', async () => {
  const { loop, log, turns, passTo, finish } = loopAt(1_000_000);
  const title = loop.trigger('title');
  await turns();
  const background = loop.trigger('background-sync');
  await turns();
  expect(log).toEqual([]);
  await passTo(5_000);
  expect(log).toEqual(['run at 5000']);
  await finish();
  await Promise.all([title, background]);
});

test('Background Sync during the sync that sends everything adds no other', async () => {
  const { at, loop, log, turns, finish } = loopAt(1_000_000);
  const message = loop.trigger('message');
  await turns();
  const background = loop.trigger('background-sync');
  await turns();
  at.waiting = false;
  await finish();
  await Promise.all([message, background]);
  expect(log).toHaveLength(1);
});

test('who waits for what the sync under way takes up is not kept waiting when that ends, however it ends', async () => {
  const { at, loop, turns, finish } = loopAt(1_000_000);
  const message = loop.trigger('message');
  await turns();
  at.gathered = { title: { first: at.now, due: at.now + 5_000, count: 1 } };
  const background = loop.trigger('background-sync');
  await turns();
  at.gathered = {};
  at.problem = { code: 'too-old', at: at.now, failures: 1 };
  await finish();
  await Promise.all([message, background]);
});

test('what was waited for when the network went is not waited for any longer', async () => {
  const { at, loop, log, turns, passTo } = loopAt(1_000_000);
  const title = loop.trigger('title');
  await turns();
  at.online = false;
  await passTo(5_000);
  await title;
  expect(log).toEqual([]);
});

test('a short pause that the server asked for is waited for, and then what waits is sent', async () => {
  const start = 1_000_000;
  const problem = { code: 'throttled', at: start - 4_500, failures: 30, notBefore: start + 1_000 } as const;
  const { loop, log, turns, passTo, finish } = loopAt(start, { problem, pageVisible: false, nextDue: start + 200_000 });
  let over = false;
  const woken = loop.trigger('background-sync').then(() => {
    over = true;
  });
  await turns();
  expect([log, over]).toEqual([[], false]);
  await passTo(1_000);
  expect(log).toEqual(['run at 1000']);
  await finish();
  await woken;
});

test('a long pause is not waited for', async () => {
  const start = 1_000_000;
  const problem = { code: 'throttled', at: start, failures: 1, notBefore: start + 60_000 } as const;
  const { loop, log, alarm } = loopAt(start, { problem, nextDue: start + 61_000 });
  await loop.trigger('background-sync');
  await loop.trigger('visible');
  expect(log).toEqual([]);
  expect(alarm()).toBe(61_000);
});

test('who comes back right after a failure does not wait for minutes', async () => {
  const start = 1_000_000;
  const problem = { code: 'network', at: start - 1_000, failures: 30 } as const;
  const { loop, log, turns, passTo, finish } = loopAt(start, { problem, nextDue: start + 280_000 });
  const shown = loop.trigger('visible');
  await turns();
  await passTo(4_000);
  expect(log).toEqual(['run at 4000']);
  await finish();
  await shown;
});

test('a decision that took long puts nothing off that has gathered meanwhile', async () => {
  const { at, loop, disk, log, turns, passTo, finish } = loopAt(1_000_000, { waiting: false });
  let end: () => void = () => undefined;
  disk.slow = new Promise((resolve) => {
    end = resolve;
  });
  const poll = loop.trigger('poll');
  disk.slow = Promise.resolve();
  at.waiting = true;
  const title = loop.trigger('title');
  await turns();
  end();
  await poll;
  await passTo(5_000);
  expect(log).toEqual(['run at 5000']);
  await finish();
  await title;
});

test('what could not be noted to have gathered is not waited for beyond its time', async () => {
  const { loop, disk, turns, passTo } = loopAt(1_000_000, { pageVisible: false });
  disk.keeps = false;
  const title = loop.trigger('title');
  await turns();
  await passTo(5_000);
  await title;
});

test('Background Sync that waits for what is being typed is not kept waiting by a sync that ends for good', async () => {
  const { at, loop, log, turns, passTo, finish } = loopAt(1_000_000);
  const message = loop.trigger('message');
  await turns();
  const title = loop.trigger('title');
  const background = loop.trigger('background-sync');
  await turns();
  at.gathered = { title: { first: at.now, due: at.now + 5_000, count: 1 } };
  at.problem = { code: 'signed-out', at: at.now, failures: 1 };
  await finish();
  await message;
  await passTo(5_000);
  await Promise.all([title, background]);
  expect(log).toHaveLength(1);
});
