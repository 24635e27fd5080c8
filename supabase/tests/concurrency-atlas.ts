import { makeClock } from '../../contract/clock.ts';
import { newDeviceId, newId } from '../../contract/ids.ts';
import type { Cursor, Op, Synced } from '../../contract/wire.ts';
import type { Design, Reader, Sql, Transaction } from './concurrency-designs.ts';

/** Where a device stands that has nothing and wants everything in order of seq. */
const bottom: Cursor = { seq: 0, floor: null };
/** Where a device stands that wants nothing back. */
const top: Cursor = { seq: Number.MAX_SAFE_INTEGER, floor: null };

/** The protocol of Atlas: writers and readers of one account, through sync and past it. */
export async function openAtlas(sql: Sql, user: string): Promise<Design> {
  const device = newDeviceId(crypto);
  const first = await sql.begin((tx) => callSync(tx, user, device, null, null, []));
  const epoch = String(first?.epoch);
  const conversation = newId(Date.now(), crypto);
  await sql.begin((tx) => callSync(tx, user, device, epoch, top, [conversationOp(conversation, device)]));
  return {
    name: 'head row',
    async write(tx, rows) {
      const ops = Array.from({ length: rows }, () => messageOp(conversation, device));
      if (rows > 2) ops.unshift(conversationOp(newId(Date.now(), crypto), device));
      const answer = await callSync(tx, user, device, epoch, top, ops);
      return answer === null ? null : ops.map((op) => op.id);
    },
    // Half of the readers ask as devices do, half look at the tables in separate statements.
    newReader: (place) => (place % 2 === 0 ? throughSync(user, epoch) : inTwoStatements(user)),
  };
}

/** One request inside the caller's transaction; null when the server asks to come again. */
export async function callSync(
  tx: Transaction,
  user: string,
  device: string,
  epoch: string | null,
  cursor: Cursor | null,
  ops: Op[],
): Promise<Synced | null> {
  const claims = JSON.stringify({ sub: user, role: 'authenticated' });
  await tx`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`;
  const sent = JSON.stringify({ request: { v: 1, device, epoch, cursor, ops, limit: 7 } });
  const [row] = await tx<{ body: string }[]>`select public.sync(${sent}::text::json)::text as body`;
  const body = JSON.parse(row?.body ?? 'null') as Synced | { is: 'refused'; code: string };
  if (body.is === 'refused' && (body.code === 'busy' || body.code === 'throttled')) return null;
  if (body.is !== 'synced') throw new Error(`sync answered ${JSON.stringify(body)}`);
  const refused = body.results.find((result) => result.is !== 'stored');
  if (refused !== undefined) throw new Error(`an op was not stored: ${JSON.stringify(refused)}`);
  return body;
}

function throughSync(user: string, epoch: string): Reader {
  const device = newDeviceId(crypto);
  let cursor = bottom;
  return {
    async read(sql) {
      const answer = await sql.begin((tx) => callSync(tx, user, device, epoch, cursor, []));
      if (answer === null) return { rows: [], more: true };
      cursor = answer.cursor;
      const changes = answer.changes as { id: string; seq: number }[];
      return { rows: changes.map(({ id, seq }) => ({ id, place: String(seq) })), more: answer.more };
    },
  };
}

/** Each statement sees what was committed when it began: the head first, then rows up to it. */
function inTwoStatements(user: string): Reader {
  let cursor = '0';
  return {
    async read(sql) {
      return sql.begin('isolation level read committed', async (tx) => {
        const [head] = await tx<{ seq: string }[]>`select seq from atlas.heads where user_id = ${user}`;
        await tx`select pg_sleep(random() * 0.02)`;
        const upto = head?.seq ?? '0';
        const rows = await tx<{ id: string; place: string }[]>`
          select id::text, seq::text as place from (
            select id, seq from atlas.conversations where user_id = ${user}
            union all select id, seq from atlas.messages where user_id = ${user}
            union all select id, seq from atlas.tombstones where user_id = ${user}
          ) changed where seq > ${cursor} and seq <= ${upto}`;
        const more = cursor !== upto;
        cursor = upto;
        return { rows: [...rows], more };
      });
    },
  };
}

let counter = 0;
function stamp(device: string) {
  counter = (counter + 1) % 10_000;
  return makeClock(Date.now(), counter, device);
}

/** A new conversation. */
export function conversationOp(id: string, device: string): Op {
  const at = stamp(device);
  return { kind: 'conversation', id, origin: 'live', made: {}, set: { title: ['Plans', at], trashed: [false, at] } };
}

/** A new message. */
export function messageOp(conversation: string, device: string): Op {
  const made = { conversation, role: 'user', parent: null, attempt: 0 } as const;
  const id = newId(Date.now(), crypto);
  return { kind: 'message', id, origin: 'live', made, set: { text: ['said at once', stamp(device)] } };
}
