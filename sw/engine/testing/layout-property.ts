import fc from 'fast-check';
import { expect } from 'vitest';
import { makeClock } from '../../../contract/clock.ts';
import { type MessageRecord, type PageRecord, unsentRank } from '../../../contract/database.ts';
import { isSettled } from '../../../contract/paged-message.ts';
import { messagesIn } from '../local/messages.ts';
import type { Tables } from '../local/tables.ts';

const clock = makeClock(1, 0, 'abcdefabcdef');
const conversations = 3;

/** The message of this number: its conversation and pos follow from that, so that they never change. */
function message(number: number, version: number, state: 'settled' | 'edited' | 'unsent'): MessageRecord {
  const id = `01900000-0000-7000-8000-${String((number * 7_919) % 1_000).padStart(12, '0')}`;
  const conversation = `01900000-0000-7000-9000-${String(number % conversations).padStart(12, '0')}`;
  const made = { conversation, role: 'user', parent: null, attempt: 0 } as const;
  const [pos, text] = [number + 1, `${version}`.repeat(version % 13)];
  const row = {
    kind: 'message',
    id,
    seq: pos + version,
    clocks: { text: clock },
    ...made,
    text,
    pos,
    at: pos,
  } as const;
  const written = { device: 1, server: null, seen: null, order: number };
  return {
    kind: 'message',
    id,
    made,
    base: state === 'unsent' ? null : row,
    local: state === 'settled' ? {} : { text: { value: `edited ${version}`, clock: null, written } },
    conversation,
    rank: state === 'unsent' ? unsentRank + number : pos,
    ...(number % 5 === 0 ? { savedAt: version } : {}),
  };
}

const number = fc.nat({ max: 400 });
const records = fc
  .tuple(fc.constantFrom('settled', 'settled', 'edited', 'unsent'), fc.nat(50))
  .chain(([state, version]) =>
    fc
      .oneof(
        fc.uniqueArray(number, { minLength: 1, maxLength: 3 }),
        fc
          .tuple(number, fc.constantFrom(5, 60, 120, 200))
          .map(([from, length]) => Array.from({ length }, (_, i) => (from + i) % 400)),
      )
      .map((numbers) => numbers.map((n) => message(n, version, state))),
  );
const step = fc.oneof(
  { weight: 6, arbitrary: records.map((put) => ({ put })) },
  { weight: 2, arbitrary: records.map((remove) => ({ remove: remove.map(({ id }) => id) })) },
  {
    weight: 1,
    arbitrary: fc.nat(conversations - 1).map((gone) => ({ removeAllOf: message(gone, 0, 'settled').conversation })),
  },
);

/** Runs one change in a transaction of its own. */
export type InTransaction = <T>(work: (tables: Tables) => Promise<T>) => Promise<T>;

/** Random changes in pages and apart give what the same changes of a plain list give, after every one of them. */
export async function sameAsPlainList(
  open: () => InTransaction | Promise<InTransaction>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const transaction = await open();
      const list = new Map<string, MessageRecord>();
      for (const change of steps) {
        await transaction(async (tables) => {
          const messages = messagesIn(tables);
          if ('put' in change) await messages.put(change.put);
          else if ('remove' in change) await messages.remove(change.remove);
          else await messages.removeAllOf(change.removeAllOf);
        });
        if ('put' in change) for (const record of change.put) list.set(record.id, record);
        else if ('remove' in change) for (const id of change.remove) list.delete(id);
        else for (const [id, { conversation }] of list) if (conversation === change.removeAllOf) list.delete(id);
        await transaction((tables) => compare(tables, [...list.values()]));
      }
    }),
    { numRuns },
  );
}

async function compare(tables: Tables, list: MessageRecord[]): Promise<void> {
  const messages = messagesIn(tables);
  const inOrder = (some: MessageRecord[]) => some.toSorted((a, b) => a.rank - b.rank);
  for (let i = 0; i < conversations; i++) {
    const { conversation } = message(i, 0, 'settled');
    const mine = inOrder(list.filter((record) => record.conversation === conversation));
    expect(await messages.of(conversation)).toEqual(mine);
    expect(await messages.lastUnsentRank(conversation)).toBe(
      mine.findLast(({ rank }) => rank >= unsentRank)?.rank ?? null,
    );
  }
  expect(inOrder(await messages.matching(isSettled))).toEqual(inOrder(list.filter(isSettled)));
  const sample = [...list.filter((_, i) => i % 17 === 0), message(399, 0, 'settled')];
  const fresh = messagesIn(tables);
  const expected = new Map(list.map((record) => [record.id, record]));
  for (const { id } of sample) expect(await fresh.one(id)).toEqual(expected.get(id));
  const rows = sample.map(({ id, conversation, made: _, ...rest }) => ({
    id,
    conversation,
    pos: rest.base?.pos ?? 400,
  }));
  expect(await messagesIn(tables).known(rows)).toEqual(
    new Map(
      sample.flatMap(({ id }) => {
        const there = expected.get(id);
        return there ? [[id, there]] : [];
      }),
    ),
  );
  wellFormed(await tables.getAll('pages'));
}

function wellFormed(pages: PageRecord[]): void {
  for (const [i, { conversation, last, first, messages, idEnds }] of pages.entries()) {
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(76);
    expect([messages[0]?.pos, messages.at(-1)?.pos]).toEqual([first, last]);
    expect(idEnds).toHaveLength(messages.length);
    const before = pages[i - 1];
    const from = before?.conversation === conversation ? before.last : 0;
    const places = messages.map(({ pos }) => pos);
    expect(places).toEqual(places.filter((pos) => pos > from).toSorted((a, b) => a - b));
  }
}
