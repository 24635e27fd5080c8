import { expect, test } from 'vitest';
import { type Fate, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

test('a server that says there is more and gives nothing is not asked again and again', async () => {
  const device = newDevice(new ModelServer());
  await device.sync();
  const nothingNew: Fate = (request, answer) => {
    const given = answer();
    if (given.is !== 'synced' || request.cursor === null) throw new Error('the device has synced before');
    return { is: 'answered', answer: { ...given, cursor: request.cursor, more: true }, at: device.now() };
  };
  device.fates = [nothingNew, nothingNew, nothingNew];
  const before = device.requests.length;
  expect(await device.sync()).toEqual({ is: 'failed', problem: 'invalid-answer' });
  expect(device.requests.length - before).toBe(1);
});
