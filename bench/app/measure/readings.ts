import type { BenchDevice } from '../bench-device.ts';
import { askStanding } from '../in-browser/ask-standing.ts';
import { readInTurns } from '../in-browser/read-in-turns.ts';
import type { Bench } from '../open-bench.ts';
import { giveReaders } from '../readers.ts';
import { roundOf } from './rounds.ts';
import type { Pair } from './turns.ts';

export interface Readings {
  conversation: Pair[];
  list: Pair[];
}

/** What the screen shows first of a conversation, and of the list. */
const shown = { messages: 50, listed: 20 };

/** Readings of the device's database by the app's own readers, beside those of raw's. */
export async function measureReadings(bench: Bench, { device }: BenchDevice): Promise<Readings> {
  const { setting } = bench;
  const { page } = device;
  await giveReaders(page);
  const { database } = await page.evaluate(askStanding);
  const rows = await bench.server.sql<{ id: string }[]>`
    select c.id from raw.conversations c order by c.seq desc limit ${setting.readings}`;
  const found: Readings = { conversation: [], list: [] };
  for (let round = 0; round < setting.rounds; round++) {
    const readings = await page.evaluate(readInTurns, {
      database,
      raw: 'raw',
      conversations: rows.map(({ id }) => id),
      messages: Math.min(shown.messages, setting.messages),
      listed: Math.min(shown.listed, setting.conversations),
    });
    found.conversation.push(roundOf(readings.conversation));
    found.list.push(roundOf(readings.list));
  }
  return found;
}
