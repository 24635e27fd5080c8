import * as v from 'valibot';
import { expect, test } from 'vitest';
import { CommandEnvelopeSchema } from '../../contract/page-messages.ts';
import { AnswerSchema, type Synced } from '../../contract/wire.ts';
import { renameConversation } from './change-conversation.ts';
import { type Device, type Fate, newDevice } from './testing/device.ts';
import { ModelServer } from './testing/model-server.ts';

type Loose = Record<string, unknown>;
const note = { kind: 'note', id: '01900000-0000-7000-8000-00000000f00d', seq: 7, clocks: {}, text: 'to come' };
const noteGone = { kind: 'note', id: '01900000-0000-7000-8000-00000000dead', seq: 8, gone: true };

/** A server of a later version: it says more of everything, and knows a kind and a plan that this version does not. */
const laterServer: Fate = (_request, answer) => {
  const said = answer() as Synced & Loose;
  const more = (one: unknown) => ({ ...(one as Loose), mood: 'bright', deep: { er: [1] } });
  const changes = [...said.changes.map(more), note, noteGone];
  const results = said.results.map((result) =>
    more(result.is === 'stored' ? { ...result, differs: { ...result.differs, mood: 'bright' } } : result),
  );
  const policy = { ...said.policy, tier: 'observatory', hourly: 3, debounces: 'not as before' };
  const parsed = v.parse(AnswerSchema, { ...said, changes, results, policy, weather: 'fine' });
  return { is: 'answered', answer: parsed, at: 1_800_000_000_000 };
};

/** A server of version 1: it says what is needed, and no more. */
const oldServer: Fate = (_request, answer) => {
  const { policy, ...said } = answer() as Synced;
  const { tier, interval, maxOps, maxPull } = policy;
  const plain = { ...said, policy: { tier, interval, maxOps, maxPull } };
  return { is: 'answered', answer: v.parse(AnswerSchema, plain), at: 1_800_000_000_000 };
};

async function everySync(device: Device, fate: Fate): Promise<void> {
  device.fates = Array.from({ length: 10 }, () => fate);
  expect(await device.sync()).toEqual({ is: 'done' });
  device.fates = [];
}

for (const [what, fate] of [
  ['later', laterServer],
  ['older', oldServer],
] as const) {
  test(`with a server of a ${what} version everything is sent and received as ever`, async () => {
    const server = new ModelServer();
    const [a, b] = [newDevice(server, 'a'), newDevice(server, 'b')];
    await everySync(a, fate);
    const conversation = a.newId();
    await a.write('Hello', conversation);
    await a.write('and again', conversation);
    await everySync(a, fate);
    await everySync(b, fate);
    await b.do((stored, writing) => renameConversation(stored, conversation, 'Renamed', writing));
    await everySync(b, fate);
    await everySync(a, fate);
    for (const device of [a, b]) {
      expect(await device.texts(conversation)).toEqual(['Hello', 'and again']);
      expect(await device.title(conversation)).toBe('Renamed');
      expect(await device.outbox()).toEqual([]);
      expect((await device.state()).problem).toBeNull();
    }
  });
}

test('what a later server sends of a kind that nobody here knows is kept for the version that will', async () => {
  const device = newDevice(new ModelServer());
  await everySync(device, laterServer);
  const aside = await device.store.read((stored) => stored.quarantined('', 10));
  expect(aside.map(({ row }) => row)).toEqual(expect.arrayContaining([note, noteGone]));
  expect(aside.every(({ epoch }) => epoch === 'first')).toBe(true);
});

test('what older and later pages say is understood as far as it goes', () => {
  const hello = { command: 'one', ask: { do: 'hello', visible: true, online: true } };
  expect(v.is(CommandEnvelopeSchema, hello)).toBe(true);
  const later = { ...hello, ask: { ...hello.ask, battery: 0.5 }, sentBy: 'a later page' };
  expect(v.parse(CommandEnvelopeSchema, later)).toEqual(hello);
});
