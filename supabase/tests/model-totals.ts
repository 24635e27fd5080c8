import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import type { ModelDevice } from './model-device.ts';
import type { Pair } from './model-exchange.ts';

/** Usage and digest, which no answer of sync carries: the database says what model and device reckon for themselves. */
export async function compareTotals(database: Database, { user, model }: Pair, device: ModelDevice): Promise<void> {
  const roles = [...model.account.used.values()];
  const messages = roles.filter((role) => role === 'user').length;
  const sums = 'coalesce(sum(messages), 0)::int as messages, coalesce(sum(answers), 0)::int as answers';
  for (const from of ['atlas.daily_usage where user_id = $1', 'atlas.recount_usage($1)']) {
    const [usage] = await database.look(`select ${sums} from ${from}`, [user]);
    assert.deepEqual(usage, { messages, answers: roles.length - messages }, from);
  }
  const [row] = await database.asUser(user).query('select public.digest()::text as body');
  const { seq, count, hash, buckets } = JSON.parse(String(row?.body));
  assert.deepEqual({ seq, count, hash, buckets }, { seq: device.cursor?.seq, ...digestOf(device) });
}

/** As docs/protocol.md says: lines of ids and clocks, by the last two letters of the id. */
function digestOf(device: ModelDevice) {
  const lines = new Map<string, string[]>();
  for (const { id, clocks } of device.base.values()) {
    const said = 'text' in clocks ? clocks.text : `${clocks.title} ${clocks.trashed}`;
    lines.set(id.slice(-2), [...(lines.get(id.slice(-2)) ?? []), `${id} ${said}\n`]);
  }
  const hashes = [...lines].map(([name, said]) => [name, sha256(said.sort().join(''))] as const).sort();
  const buckets = Object.fromEntries(hashes.map(([name, hash]) => [name, hash.slice(0, 16)]));
  return { count: device.base.size, hash: sha256(hashes.flat().join('')), buckets };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
