import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { clock, conversation, id, message, newDevice } from './device.ts';

/** What a device writes is kept, told to the others, and means the same however often it comes. */
export function writes(open: () => Database): void {
  async function twoDevices() {
    const user = await open().signUp();
    const [a, b] = [newDevice(open().asUser(user)), newDevice(open().asUser(user))];
    await a.sync();
    await b.sync();
    return { user, a, b };
  }

  describe('writing', () => {
    test('a message written on one device is on the other, with its conversation', async () => {
      const { a, b } = await twoDevices();
      const [plans, hello] = [id(), id()];
      await a.sync([conversation(plans), message(plans, 'Hello', { id: hello })]);
      await b.sync();
      expect(b.rows).toEqual(a.rows);
      expect(b.rows.get(plans)).toMatchObject({ title: 'Plans', trashed: false, count: 1, preview: 'Hello' });
      expect(b.rows.get(hello)).toMatchObject({ text: 'Hello', conversation: plans, role: 'user', parent: null });
    });

    test('the answer says only what the server adds', async () => {
      const { a } = await twoDevices();
      const plans = id();
      const { results, changes } = await a.send([conversation(plans), message(plans, 'Hello')]);
      expect(results).toEqual([
        {
          id: plans,
          is: 'stored',
          seq: 3,
          differs: {
            activity: 2,
            at: expect.any(Number),
            count: 1,
            tokens: 0,
            preview: 'Hello',
            trashedAt: null,
            // The user's message was a later write of trashed = false.
            clocks: { trashed: expect.any(String) },
          },
        },
        { id: expect.any(String), is: 'stored', seq: 2, differs: { pos: 2, at: expect.any(Number) } },
      ]);
      expect(changes).toEqual([]);
    });

    test('a repeated request changes nothing and is answered alike', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      const ops = [conversation(plans), message(plans, 'One'), message(plans, 'Two')];
      const first = await a.send(ops);
      const again = await a.send(ops);
      expect(again.results).toEqual(first.results);
      expect(again.cursor).toEqual(first.cursor);
      await b.sync(ops);
      expect(b.rows).toEqual(a.rows);
      expect(b.cursor).toEqual(a.cursor);
    });

    test.each(['older first', 'newer first'])('the higher clock wins, %s', async (order) => {
      const { a, b } = await twoDevices();
      const plans = id();
      await a.sync([conversation(plans)]);
      const older = conversation(plans, { title: 'Older' }, clock());
      const newer = conversation(plans, { title: 'Newer' }, clock());
      await (order === 'older first' ? a : b).send([order === 'older first' ? older : newer]);
      const { results } = await b.send([order === 'older first' ? newer : older]);
      await a.sync();
      await b.sync();
      expect(a.rows.get(plans)).toMatchObject({ title: 'Newer' });
      expect(b.rows.get(plans)).toEqual(a.rows.get(plans));
      if (order === 'newer first') {
        expect(results).toMatchObject([{ differs: { title: 'Newer', clocks: { title: expect.any(String) } } }]);
      }
    });

    test('of two writes in one millisecond the higher device wins, on every device', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      const at = clock();
      await a.sync([conversation(plans)]);
      const low = clock().replace(/.{12}$/, 'a'.repeat(12)) as typeof at;
      const high = low.replace(/.{12}$/, 'z'.repeat(12)) as typeof at;
      await a.send([conversation(plans, { title: 'High' }, high)]);
      await b.send([conversation(plans, { title: 'Low' }, low)]);
      await a.sync();
      await b.sync();
      expect([a.rows.get(plans), b.rows.get(plans)]).toMatchObject([{ title: 'High' }, { title: 'High' }]);
    });

    test('fields written on two devices are both kept', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      await a.sync([conversation(plans)]);
      await a.send([conversation(plans, { title: 'Renamed' })]);
      await b.send([conversation(plans, { trashed: true })]);
      await a.sync();
      expect(a.rows.get(plans)).toMatchObject({ title: 'Renamed', trashed: true });
    });

    test('the facts of a message are those of the first that made it', async () => {
      const { a, b } = await twoDevices();
      const [plans, other, hello] = [id(), id(), id()];
      await a.send([conversation(plans), conversation(other), message(plans, 'Hello', { id: hello })]);
      const { results } = await b.send([message(other, 'Hello!', { id: hello, role: 'assistant' })]);
      expect(results).toMatchObject([{ is: 'stored', differs: { conversation: plans, role: 'user' } }]);
      await b.sync();
      expect(b.rows.get(hello)).toMatchObject({ conversation: plans, role: 'user', text: 'Hello!' });
    });

    test('an edit keeps the place of the message and reaches the other device', async () => {
      const { a, b } = await twoDevices();
      const [plans, hello] = [id(), id()];
      await a.send([conversation(plans), message(plans, 'Helo', { id: hello })]);
      await b.sync();
      const pos = b.rows.get(hello);
      await a.send([message(plans, 'Hello', { id: hello })]);
      await b.sync();
      expect(b.rows.get(hello)).toMatchObject({ text: 'Hello', pos: pos?.kind === 'message' && pos.pos });
      expect(b.rows.get(plans)).toMatchObject({ preview: 'Hello', count: 1 });
      await a.sync();
      expect(a.rows).toEqual(b.rows);
    });

    test('an edit older than what is stored loses, and its device is told what stands', async () => {
      const { a, b } = await twoDevices();
      const [plans, hello] = [id(), id()];
      const [first, older, newer] = [clock(), clock(), clock()];
      await a.send([conversation(plans), message(plans, 'First', { id: hello, at: first })]);
      await a.send([message(plans, 'Newer', { id: hello, at: newer })]);
      const { results } = await b.send([message(plans, 'Older', { id: hello, at: older })]);
      expect(results).toMatchObject([{ is: 'stored', differs: { text: 'Newer', clocks: { text: newer } } }]);
      await b.sync();
      expect(b.rows.get(hello)).toMatchObject({ text: 'Newer' });
      expect(b.rows.get(plans)).toMatchObject({ preview: 'Newer' });
    });

    test('editing a message that is not the newest leaves its conversation as it is', async () => {
      const { a } = await twoDevices();
      const [plans, first] = [id(), id()];
      await a.sync([conversation(plans), message(plans, 'First', { id: first }), message(plans, 'Second')]);
      const before = a.rows.get(plans);
      const { changes } = await a.send([message(plans, 'First!', { id: first })]);
      expect(changes).toEqual([]);
      expect(a.rows.get(plans)).toEqual(before);
    });

    test('messages keep the order in which they were written', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      await a.send([conversation(plans), ...Array.from({ length: 20 }, (_, i) => message(plans, `${i}`))]);
      await a.send([message(plans, '20')]);
      await b.sync();
      const texts = [...b.rows.values()]
        .flatMap((row) => (row.kind === 'message' ? [row] : []))
        .sort((x, y) => x.pos - y.pos)
        .map((row) => row.text);
      expect(texts).toEqual(Array.from({ length: 21 }, (_, i) => `${i}`));
    });

    test('a conversation shows the beginning of its newest message on one line', async () => {
      const { a } = await twoDevices();
      const [plans, other] = [id(), id()];
      await a.sync([conversation(plans), message(plans, `\n  one\t\ntwo   ${'x'.repeat(200)}`)]);
      await a.sync([conversation(other), message(other, 'first'), message(other, 'newest', { role: 'assistant' })]);
      expect(a.rows.get(plans)).toMatchObject({ preview: `one two ${'x'.repeat(112)}` });
      expect(a.rows.get(other)).toMatchObject({ preview: 'newest', count: 2 });
    });

    test('a conversation without messages stands in the list by when it was made', async () => {
      const { a } = await twoDevices();
      const [first, second] = [id(), id()];
      await a.sync([conversation(first), conversation(second)]);
      expect([a.rows.get(first), a.rows.get(second)]).toMatchObject([
        { activity: 1, count: 0, preview: '' },
        { activity: 2, count: 0, preview: '' },
      ]);
    });

    test('what nobody wrote has a default that any write replaces', async () => {
      const { a } = await twoDevices();
      const [titled, trashed] = [id(), id()];
      await a.sync([conversation(titled, { title: 'Only a title' }), conversation(trashed, { trashed: true })]);
      expect(a.rows.get(titled)).toMatchObject({ title: 'Only a title', trashed: false });
      expect(a.rows.get(trashed)).toMatchObject({ title: '', trashed: true });
      await a.sync([conversation(titled, { trashed: true }, clock(-1_000_000))]);
      expect(a.rows.get(titled)).toMatchObject({ trashed: true });
    });

    test('texts come back letter by letter', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      const texts = ['', '🦉 à la carte', 'שלום עולם', `quote ' " \\ $1 %s`, '\u0001\u200d\ufeff', ' \n\n '];
      await a.send([conversation(plans), ...texts.map((text) => message(plans, text))]);
      await b.sync();
      const read = [...b.rows.values()].flatMap((row) => (row.kind === 'message' ? [row] : []));
      expect(read.sort((x, y) => x.pos - y.pos).map((row) => row.text)).toEqual(texts);
    });

    test('a thousand waiting messages go in two requests, each once and in order', async () => {
      const { a, b } = await twoDevices();
      const plans = id();
      const waiting = Array.from({ length: 999 }, (_, i) => message(plans, `message ${i}`));
      await a.sync([conversation(plans), ...waiting.slice(0, 499)]);
      await a.sync(waiting.slice(499));
      await b.sync();
      expect(b.rows).toEqual(a.rows);
      expect(b.rows.get(plans)).toMatchObject({ count: 999, preview: 'message 998' });
      expect(new Set(b.seen.map((row) => row.id)).size).toBe(b.seen.length);
    });
  });

  describe('one op that cannot be applied', () => {
    test('does not hold up the others', async () => {
      const { a } = await twoDevices();
      const [plans, nowhere] = [id(), id()];
      const noText = { ...message(plans, ''), set: {} };
      const { results } = await a.send([
        message(nowhere, 'lost'),
        conversation(plans),
        conversation(id(), { title: 'x'.repeat(201) }),
        message(plans, 'x'.repeat(32_001)),
        { ...message(plans, 'x'), made: { conversation: plans, role: 'robot', parent: null, attempt: 0 } } as never,
        { ...conversation(id()), set: { title: [7, clock()] } } as never,
        { ...conversation(id()), kind: 'note' } as never,
        noText as never,
        message(plans, 'kept'),
      ]);
      expect(results.map((result) => (result.is === 'refused' ? result.code : result.is))).toEqual([
        'no-conversation',
        'stored',
        'too-long',
        'too-long',
        'bad-op',
        'bad-op',
        'unknown-kind',
        'bad-op',
        'stored',
      ]);
      expect(a.rows.get(plans)).toMatchObject({ count: 1, preview: 'kept' });
    });

    test('lengths count as devices count them', async () => {
      const { a } = await twoDevices();
      const plans = id();
      const { results } = await a.send([
        conversation(plans, { title: '🦉'.repeat(100) }),
        message(plans, '🦉'.repeat(16_000)),
        message(plans, `${'🦉'.repeat(16_000)}!`),
        message(plans, 'é'.repeat(32_000)),
      ]);
      expect(results.map((result) => result.is)).toEqual(['stored', 'stored', 'refused', 'stored']);
    });

    test('an identifier is of one kind for ever', async () => {
      const { a } = await twoDevices();
      const [plans, hello] = [id(), id()];
      await a.send([conversation(plans), message(plans, 'Hello', { id: hello })]);
      const { results } = await a.send([conversation(hello), message(plans, 'not one', { id: plans })]);
      expect(results).toMatchObject([
        { is: 'refused', code: 'bad-op' },
        { is: 'refused', code: 'bad-op' },
      ]);
    });

    test('a message refused for want of its conversation is taken when that exists', async () => {
      const { a } = await twoDevices();
      const plans = id();
      const early = message(plans, 'early');
      expect((await a.send([early])).results).toMatchObject([{ is: 'refused', code: 'no-conversation' }]);
      expect((await a.send([early, conversation(plans)])).results).toMatchObject([{ is: 'stored' }, { is: 'stored' }]);
    });
  });
}
