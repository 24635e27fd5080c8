import { expect, test } from 'vitest';
import type { Row } from '../../contract/entities.ts';
import type { Answer, Synced } from '../../contract/wire.ts';
import { applyAnswer } from './apply-answer.ts';
import { adapt } from './detours.ts';
import { readAnswer } from './read-answer.ts';
import { newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

/** A device that has synced, and the answer to its next request, in which the title of its conversation is another. */
async function answered() {
  const server = new ModelServer();
  const device = newDevice(server);
  const conversation = device.newId();
  await device.write('Hello', conversation);
  await device.sync();
  const request = { ...device.requests[0], ops: [], cursor: (await device.state()).cursor };
  const { epoch } = await device.state();
  const asked = { ...request, epoch } as NonNullable<(typeof device.requests)[number]>;
  const answer = server.answer(asked);
  if (answer.is !== 'synced') throw new Error(`the server says ${answer.is}`);
  const row = JSON.parse(JSON.stringify(server.rows.get(conversation))) as Row<'conversation'>;
  const later = (changes: Synced['changes']): Synced => ({ ...answer, changes, cursor: { seq: 90, floor: null } });
  const apply = (given: Synced) =>
    device.do(async (stored) => {
      const incoming = readAnswer([], given);
      if (incoming === null) throw new Error('the answer makes no sense');
      return applyAnswer(stored, asked, given, incoming, device.now());
    });
  return { server, device, conversation, asked, row, later, apply };
}

test('an answer from an earlier life of the server changes nothing', async () => {
  const { device, conversation, row, later, apply } = await answered();
  await device.do(async (stored) => stored.putState({ ...(await stored.state()), epoch: 'a later one' }));
  const before = await device.state();
  expect(await apply(later([{ ...row, seq: 90, title: 'From before' }]))).toEqual({ is: 'stale' });
  expect(await device.state()).toEqual(before);
  expect(await device.title(conversation)).toBe('Hello');
});

test('a row that cannot be read is set aside as it came, and the others are applied', async () => {
  const { device, conversation, row, later, apply } = await answered();
  const strange = { kind: 'message', id: 'strange', seq: 89, text: 7 };
  await apply(later([strange, { ...row, seq: 90, title: 'New' }] as Synced['changes']));
  expect(await device.title(conversation)).toBe('New');
  const aside = await device.store.read((stored) => stored.quarantined('', 10));
  expect(aside).toMatchObject([{ id: 'strange', row: strange }]);
});

test('an answer that only says the time or the epoch changes nothing once the device has moved on', async () => {
  const { device, asked } = await answered();
  await device.do(async (stored) => stored.putState({ ...(await stored.state()), cursor: { seq: 95, floor: null } }));
  const before = await device.state();
  const time = before.serverTime ?? 0;
  const epochs = [{ epoch: 'another', from: 0 }];
  const answers: Exclude<Answer, Synced>[] = [
    { is: 'clock', v: 1, epoch: before.epoch ?? '', time: time + 86_400_000 },
    { is: 'reset', v: 1, epoch: 'another', time, epochs },
  ];
  for (const answer of answers) await device.do((stored) => adapt(stored, asked, answer, device.now()));
  expect(await device.state()).toEqual(before);
});
