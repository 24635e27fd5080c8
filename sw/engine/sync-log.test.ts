import { expect, test } from 'vitest';
import { newDevice, refusedWith } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

async function idle(device: ReturnType<typeof newDevice>, cycles: number): Promise<void> {
  for (let i = 0; i < cycles; i++) await device.sync();
}

test('every cycle is in the log, with what it cost and how it ended', async () => {
  const device = newDevice(new ModelServer());
  await device.sync();
  device.fates = [refusedWith(500, '')];
  await device.sync();
  await device.write('Hello', device.newId());
  device.fates = [
    (_request, answer) => ({
      is: 'answered',
      answer: answer(),
      at: device.now(),
      took: { ms: 30, bytesUp: 700, bytesDown: 900 },
    }),
  ];
  await device.sync();
  const log = await device.store.read((stored) => stored.logged(0, 10));
  expect(log).toMatchObject([
    { trigger: 'poll', priority: 'low', outcome: 'done', requests: 1, rows: 0, retries: 0 },
    { outcome: 'server', requests: 1, retries: 0 },
    { outcome: 'done', requests: 1, rows: 2, retries: 1, bytesUp: 700, bytesDown: 900 },
  ]);
});

test('the log keeps the latest five hundred', async () => {
  const device = newDevice(new ModelServer());
  await idle(device, 503);
  const log = await device.store.read((stored) => stored.logged(0, 1_000));
  expect(log).toHaveLength(500);
  expect((await device.state()).logged).toBe(503);
});

test('the server is told of cycles with something else to say, never alone, each once', async () => {
  const device = newDevice(new ModelServer());
  await idle(device, 30);
  expect(device.requests.every(({ reports }) => reports === undefined)).toBe(true);

  await device.write('Hello', device.newId());
  device.fates = [refusedWith(503, 'busy', 1)];
  await device.sync();
  expect(device.requests.at(-1)?.reports).toHaveLength(30);
  await device.sync();
  // What was not accepted is told again, and the failure with it.
  const reports = device.requests.at(-1)?.reports ?? [];
  expect(reports).toHaveLength(31);
  expect(reports.at(-1)).toMatchObject({ trigger: 'poll', outcome: 'throttled', rows: 0 });
  expect(Object.keys(reports[0] ?? {}).sort()).toEqual(['bytesDown', 'bytesUp', 'ms', 'outcome', 'rows', 'trigger']);

  await device.write('And again', device.newId());
  await device.sync();
  expect(device.requests.at(-1)?.reports).toBeUndefined();
});

test('however many there are, at most a hundred are told at once', async () => {
  const device = newDevice(new ModelServer());
  await idle(device, 250);
  await device.write('Hello', device.newId());
  await device.sync();
  expect(device.requests.at(-1)?.reports).toHaveLength(100);
});
