import { kinds } from '../../contract/entities.ts';
import { protocolVersion } from '../../contract/wire.ts';
import { applyGone } from './apply-gone.ts';
import { applyRows } from './apply-rows.ts';
import type { Store, Stored } from './ports.ts';
import { readAnswer } from './read-answer.ts';

/** Rows looked at in one transaction. */
const batch = 200;

/** Changes whenever this code learns to read what it could not read before. */
const known = `${protocolVersion} ${kinds.join(' ')}`;

/**
 * Applies rows that an older version of this worker could not read and had set aside, once per version. Returns the
 * conversations that look different now.
 */
export async function takeUpSetAside(store: Store, now: number, knows: string = known): Promise<Set<string>> {
  const touched = new Set<string>();
  if ((await store.read((stored) => stored.state())).knows === knows) return touched;
  for (let last: string | null = ''; last !== null; ) {
    const after: string = last;
    last = await store.change('relaxed', (stored) => takeUpBatch(stored, after, now, touched));
  }
  await store.change('relaxed', async (stored) => stored.putState({ ...(await stored.state()), knows }));
  return touched;
}

/** The id of the last row of the batch, null if that was the last of all. */
async function takeUpBatch(stored: Stored, after: string, now: number, touched: Set<string>): Promise<string | null> {
  const { epoch } = await stored.state();
  const rows = await stored.quarantined(after, batch);
  for (const { id, row, epoch: of } of rows) {
    // A row of another life of the server says nothing about this one.
    if (of !== undefined && of !== epoch) continue;
    const incoming = readAnswer([], { results: [], changes: [row] });
    if (incoming === null || incoming.invalid.length > 0) continue;
    for (const one of await applyRows(stored, incoming.rows, now)) touched.add(one);
    for (const one of await applyGone(stored, incoming.gone)) touched.add(one);
    stored.removeQuarantined(id);
  }
  return rows.length < batch ? null : (rows.at(-1)?.id ?? null);
}
