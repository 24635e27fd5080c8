import { expect, test } from 'vitest';
import { makeClock } from '../../contract/clock.ts';
import { takeUpSetAside } from './take-up-set-aside.ts';
import { newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

const clock = makeClock(1_800_000_000_000, 0, 'elsewhere000');

/** A device that has set aside what its version cannot read, and rows that it will read when it is a later one. */
async function withSetAside(rows: Record<string, unknown>[]) {
  const server = new ModelServer();
  const device = newDevice(server);
  await device.sync();
  const { epoch } = await device.state();
  await device.do(async (stored) => {
    for (const row of rows) stored.putQuarantined({ id: String(row.id), row, at: 1, epoch: epoch ?? '' });
  });
  const aside = () => device.store.read((stored) => stored.quarantined('', 1_000));
  return { server, device, aside };
}

function conversation(id: string, title: string, seq: number) {
  const clocks = { title: clock, trashed: clock };
  const told = { activity: seq, at: 1_800_000_000_000, count: 0, preview: '', trashedAt: null };
  return { kind: 'conversation', id, seq, clocks, title, trashed: false, ...told };
}

const ids = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'] as const;

test('what an older version could not read is there after the update, and what is still unknown stays set aside', async () => {
  const note = { kind: 'note', id: ids[1], seq: 3, clocks: {}, text: 'of a version to come' };
  const { device, aside } = await withSetAside([conversation(ids[0], 'Readable now', 2), note]);
  expect([...(await takeUpSetAside(device.store, 1))]).toEqual([ids[0]]);
  expect(await device.title(ids[0])).toBe('Readable now');
  expect((await aside()).map(({ row }) => row)).toEqual([note]);
});

test('each version looks through it once, however many rows there are', async () => {
  const many = Array.from({ length: 450 }, (_, index) => {
    const id = `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    return index % 2 === 0 ? conversation(id, `number ${index}`, index + 1) : { kind: 'note', id, seq: index + 1 };
  });
  const { device, aside } = await withSetAside(many);
  expect((await takeUpSetAside(device.store, 1)).size).toBe(225);
  expect(await aside()).toHaveLength(225);
  const commits = device.store.commits();
  expect((await takeUpSetAside(device.store, 1)).size).toBe(0);
  expect(device.store.commits()).toBe(commits);
  await takeUpSetAside(device.store, 1, 'a later version');
  expect(device.store.commits()).toBeGreaterThan(commits);
});

test('a row that the server has changed since, or that was deleted for good, does not come back as it was', async () => {
  const { device, aside } = await withSetAside([conversation(ids[0], 'Old', 2), conversation(ids[1], 'Gone', 3)]);
  await device.do(async (stored) => {
    const base = conversation(ids[0], 'Newer', 9) as never;
    stored.putEntity({ kind: 'conversation', id: ids[0], made: {}, base, local: {}, rank: 9 });
    stored.putTombstone({ id: ids[1], kind: 'conversation', seq: 8 });
  });
  await takeUpSetAside(device.store, 1);
  expect(await device.title(ids[0])).toBe('Newer');
  expect(await device.conversation(ids[1])).toBeUndefined();
  expect(await aside()).toEqual([]);
});

test('what came before the server was restored from a backup is kept, and not taken for true', async () => {
  const { device, server, aside } = await withSetAside([conversation(ids[0], 'Before the restore', 50)]);
  server.restore(server.backup(), 'second');
  await device.sync();
  await takeUpSetAside(device.store, 1);
  expect(await device.conversation(ids[0])).toBeUndefined();
  expect(await aside()).toHaveLength(1);
});
