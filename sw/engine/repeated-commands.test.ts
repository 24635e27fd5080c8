import { expect, test } from 'vitest';
import { discardWaiting } from './needs-attention.ts';
import { newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

test('a page that asks again for what was sent long since changes nothing', async () => {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  const message = await device.write('Hello', conversation);
  await device.sync();
  await device.write('Hello', conversation, message);
  expect(await device.outbox()).toEqual([]);
  expect((await device.message(message))?.base).not.toBeNull();
});

test('a page that asks again for what was given up meanwhile does not bring it back', async () => {
  const device = newDevice(new ModelServer());
  const conversation = device.newId();
  await device.write('First', conversation);
  const message = await device.write('Given up', conversation);
  await device.do((stored, writing) => discardWaiting(stored, message, writing));
  await device.write('Given up', conversation, message);
  expect(await device.message(message)).toBeUndefined();
  expect(await device.texts(conversation)).toEqual(['First']);
});
