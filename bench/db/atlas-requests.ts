import type { Sql } from './open-server.ts';

/** The one device of every account. */
export const device = 'benchbenchbe';
/** Far above what a page holds in bytes. */
export const wholePage = 5_000;

/** Someone who syncs: where his head stands, his newest conversation, and every conversation there is. */
export interface Account {
  id: string;
  head: number;
  conversations: string[];
}

/** The accounts that have messages, and the epoch that requests name. */
export async function readAccounts(sql: Sql): Promise<{ accounts: Account[]; epoch: string }> {
  const [state] = await sql<{ epoch: string }[]>`select epoch from atlas.epochs order by place desc limit 1`;
  const accounts = await sql<Account[]>`
    select h.user_id as id, h.seq::integer as head,
      (select array_agg(c.id::text order by c.seq desc) from atlas.conversations c where c.user_id = h.user_id) as conversations
    from atlas.heads h where h.seq > 0 order by h.user_id`;
  return { accounts: [...accounts], epoch: state?.epoch ?? '' };
}

/** A request without changes of a device that stands at this seq. */
export function pullRequest(epoch: string, seq: number): string {
  return request(epoch, { seq, floor: null }, 500, []);
}

/** The first request of a device that knows nothing yet, or the next one of its walk. */
export function firstRequest(epoch: string, cursor: unknown): string {
  return request(epoch, cursor, wholePage, []);
}

/** New messages in the newest conversation. */
export function pushRequest(epoch: string, account: Account, texts: string[]): string {
  const ops = texts.map((text, nth) => ({
    kind: 'message',
    id: newId(),
    origin: 'live',
    made: { conversation: account.conversations[0], role: 'user', parent: null, attempt: 0 },
    set: { text: [text, `${String(Date.now()).padStart(15, '0')}.${String(nth).padStart(4, '0')}.${device}`] },
  }));
  return request(epoch, { seq: account.head, floor: null }, 500, ops);
}

/** An identifier of now, as devices make them. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = crypto.randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

function request(epoch: string, cursor: unknown, limit: number, ops: object[]): string {
  return JSON.stringify({ request: { v: 1, device, epoch, cursor, ops, limit, reports: [] } });
}

/** Where an answer leaves the device, read without parsing megabytes; throws when it is no answer to a sync that was served. */
export function standOf(answer: string): { cursor: { seq: number; floor: number | null }; more: boolean } {
  const cursor = /"cursor" ?: ?(\{[^}]*\})/.exec(answer)?.[1];
  if (cursor === undefined || !/"is" ?: ?"synced"/.test(answer)) throw new Error(`not served: ${answer.slice(0, 200)}`);
  return { cursor: JSON.parse(cursor), more: /"more" ?: ?true/.test(answer) };
}
