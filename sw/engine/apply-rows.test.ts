import { expect, test } from 'vitest';
import { makeClock } from '../../contract/clock.ts';
import type { Row } from '../../contract/entities.ts';
import { applyRows } from './apply-rows.ts';
import { renameConversation } from './change-conversation.ts';
import { purge } from './purge.ts';
import { lostRequest, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

/** A device with one synced conversation and message, and their rows as the server has them. */
async function synced() {
  const server = new ModelServer();
  const device = newDevice(server);
  const conversation = device.newId();
  const message = await device.write('Hello', conversation);
  await device.sync();
  const row = (id: string) => JSON.parse(JSON.stringify(server.rows.get(id)));
  return {
    server,
    device,
    conversation: row(conversation) as Row<'conversation'>,
    message: row(message) as Row<'message'>,
    apply: (...rows: (Row<'conversation'> | Row<'message'>)[]) => device.do((stored) => applyRows(stored, rows, 0)),
  };
}

test('a local field stays while its clock is above the base’s, whatever brought the base', async () => {
  const { server, device, conversation, apply } = await synced();
  await device.do((stored, writing) => renameConversation(stored, conversation.id, 'Mine', writing));
  device.fates = [lostRequest];
  await device.sync();
  const below = makeClock(server.time - 1_000, 0, 'b'.padEnd(12, '0'));
  await apply({ ...conversation, seq: 50, title: 'Older', clocks: { ...conversation.clocks, title: below } });
  expect(await device.title(conversation.id)).toBe('Mine');
  expect(await device.outbox()).toHaveLength(1);
});

test('a local field goes, and its entry with it, when a base at or above its clock comes', async () => {
  const { server, device, conversation, apply } = await synced();
  await device.do((stored, writing) => renameConversation(stored, conversation.id, 'Mine', writing));
  device.fates = [lostRequest];
  await device.sync();
  const above = makeClock(server.time + 1_000, 0, 'b'.padEnd(12, '0'));
  await apply({ ...conversation, seq: 50, title: 'Newer', clocks: { ...conversation.clocks, title: above } });
  expect(await device.title(conversation.id)).toBe('Newer');
  expect(await device.outbox()).toEqual([]);
});

test('an older row never replaces a newer one', async () => {
  const { device, conversation, message, apply } = await synced();
  await apply({ ...conversation, seq: 60, title: 'New' }, { ...message, seq: 61, text: 'New' });
  await apply({ ...conversation, seq: 50, title: 'Old' }, { ...message, seq: 51, text: 'Old' });
  await apply({ ...conversation, seq: 71, title: 'Newest' }, { ...conversation, seq: 70, title: 'Older again' });
  expect(await device.title(conversation.id)).toBe('Newest');
  expect(await device.texts(conversation.id)).toEqual(['New']);
});

test('rows of what is gone are not applied, nor messages of a conversation that is gone', async () => {
  const { device, conversation, message, apply } = await synced();
  await device.do((stored, writing) => purge(stored, 'conversation', conversation.id, writing));
  await apply({ ...conversation, seq: 50 }, { ...message, seq: 51 }, { ...message, id: device.newId(), seq: 52 });
  expect(await device.conversation(conversation.id)).toBeUndefined();
  expect(await device.texts(conversation.id)).toEqual([]);
});

test('a message may come before its conversation', async () => {
  const { device, message, conversation, apply } = await synced();
  const home = device.newId();
  await apply({ ...message, id: device.newId(), conversation: home, seq: 50, pos: 50 });
  expect(await device.texts(home)).toEqual(['Hello']);
  await apply({ ...conversation, id: home, seq: 51, activity: 50 });
  expect((await device.conversation(home))?.rank).toBe(50);
});
