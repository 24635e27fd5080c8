import { expect, test } from 'vitest';
import { coldMs, letColdLeave } from './engine/leave-cold.ts';
import type { HistorySent, Patience } from './engine/ports.ts';
import { newDevice } from './engine/testing/device.ts';
import { ModelServer } from './engine/testing/model-server.ts';
import { olderMessages } from './older-messages.ts';
import { oneAccount, silent } from './testing/parts.ts';

/** Ann's device, from which an old conversation has left; the server answers for its history when `answer` is called. */
async function oldLeft() {
  const server = new ModelServer();
  const device = newDevice(server);
  const old = device.newId();
  await device.write('old', old);
  await device.sync();
  server.time += coldMs + 1;
  await device.write('recent', device.newId());
  await device.sync();
  await letColdLeave(device.store);

  const log: string[] = [];
  let answer: () => void = () => undefined;
  const whole = (): HistorySent => {
    const rows = [...server.rows.values()].filter((row) => row.conversation === old);
    const envelope = { v: 1, epoch: server.epoch, time: server.time, seq: server.head } as const;
    return { is: 'answered', answer: { is: 'history', ...envelope, rows, more: false } };
  };
  const history = (_request: unknown, _user: string, _time: number | null, { stop }: Patience) => {
    log.push('asked');
    return new Promise<HistorySent>((resolve) => {
      answer = () => resolve(whole());
      stop.onStop(() => resolve({ is: 'no-answer', lost: false }));
    });
  };
  let turn: Promise<void> = Promise.resolve();
  const alone = (work: () => Promise<void>) => {
    turn = turn.then(work);
    return turn;
  };
  const older = olderMessages({ accounts: oneAccount(device.store), notices: silent, server: { history }, alone });
  const sync = () => {
    const synced = alone(async () => void log.push('synced'));
    older.makeWay();
    return synced;
  };
  return { device, old, log, older, sync, alone, answer: () => answer() };
}

test('a sync does not wait for messages that are on their way back; they come after it', async () => {
  const { device, old, log, older, sync, answer } = await oldLeft();
  const brought = older.bring(old);
  await expect.poll(() => log).toEqual(['asked']);
  await sync();
  await expect.poll(() => log).toEqual(['asked', 'synced', 'asked']);
  answer();
  expect(await brought).toBeNull();
  expect(await device.texts(old)).toEqual(['old']);
});

test('what waits for its turn lets a sync pass, too', async () => {
  const { old, log, older, sync, alone, answer } = await oldLeft();
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  void alone(() => ended);
  const brought = older.bring(old);
  const synced = sync();
  end();
  await synced;
  await expect.poll(() => log).toEqual(['synced', 'asked']);
  answer();
  expect(await brought).toBeNull();
});

test('however often there is something to sync, older messages come back in the end', async () => {
  const { device, old, log, older, sync, answer } = await oldLeft();
  const brought = older.bring(old);
  for (const asked of [1, 2, 3]) {
    await expect.poll(() => log.filter((what) => what === 'asked')).toHaveLength(asked);
    void sync();
  }
  answer();
  expect(await brought).toBeNull();
  expect(await device.texts(old)).toEqual(['old']);
});

test('nobody waits for the messages of an account that was left', async () => {
  const { device, old, log, older } = await oldLeft();
  const brought = older.bring(old);
  await expect.poll(() => log).toEqual(['asked']);
  // The one in use now has no such conversation.
  await device.store.change('relaxed', async (stored) => stored.removeEntity('conversation', old));
  older.switched();
  expect(await brought).toBeNull();
  expect(log).toEqual(['asked']);
});
