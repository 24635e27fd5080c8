import assert from 'node:assert/strict';
import type { Policy, SyncRequest } from '../../contract/wire.ts';
import {
  backup,
  type Backup as ModelBackup,
  type ModelServer,
  modelSync,
  newModelServer,
  restore,
} from '../../sim/model/server.ts';
import type { Answered, Database } from './database.ts';

/** The database and the model side by side: every request goes to both, and both must answer the same. */
export interface Pair {
  user: string;
  model: ModelServer;
  send(request: SyncRequest): Promise<Answered>;
  setCloud(cloud: boolean): Promise<void>;
  maintain(): Promise<void>;
  backup(): Promise<Backup>;
  restore(saved: Backup): Promise<void>;
  close(): Promise<void>;
}

export interface Backup {
  tables: Map<string, string>;
  model: ModelBackup;
}

const policy: Policy = { tier: 'studio', interval: 30, maxOps: 500, maxPull: 5_000 };

/** A new account, in a life of the data of its own. */
export async function openPair(database: Database): Promise<Pair> {
  const user = await database.signUp();
  const email = String((await database.look('select email from auth.users where id = $1', [user]))[0]?.email);
  await database.look('insert into atlas.epochs (from_seq) values (0)');
  const model = newModelServer(await epochsOf(database), policy);
  const times: number[] = [];

  return {
    user,
    model,
    async send(request) {
      await laterThan(times.at(-1) ?? 0);
      const real = await database.asUser(user).sync(request);
      const time = (real.body as { time?: unknown }).time;
      assert.ok(typeof time === 'number', `an answer without time: ${JSON.stringify(real)}`);
      times.push(time);
      const expected = modelSync(model, request, time);
      assert.deepEqual(comparable(real, times), comparable(expected, times));
      return real;
    },
    async setCloud(cloud) {
      model.cloud = cloud;
      await database.asService().query('select public.set_tier($1, $2)', [email, cloud ? 'studio' : 'free']);
    },
    async maintain() {
      await database.look('select atlas.maintain()');
    },
    backup: async () => ({ tables: await tablesOf(database, user), model: backup(model) }),
    async restore(saved) {
      await putBack(database, user, saved);
      const [opened] = await database.asService().query('select public.open_epoch() as epoch');
      restore(model, saved.model, String(opened?.epoch));
    },
    close: () => database.deleteAccount(user),
  };
}

/** Waits until the clock has moved on, so that a moment says in which request it was. */
async function laterThan(time: number): Promise<void> {
  while (Date.now() <= time) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** An answer without what the two may say differently: the words of a refusal, and moments, which become request numbers. */
function comparable(answer: { status: number; body: unknown }, times: number[]): unknown {
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (name === 'message' || name === 'retryAfter') return undefined;
    if ((name === 'at' || name === 'trashedAt') && typeof value === 'number')
      return times.filter((t) => t < value).length;
    return value;
  });
  return JSON.parse(text);
}

/** As an account hears of them that came in the last one: nothing of its own was before. */
async function epochsOf(database: Database): Promise<{ epoch: string; from: number }[]> {
  const rows = await database.look('select epoch, from_seq::int as "from" from atlas.epochs order by place');
  const epochs = rows.map((row) => ({ epoch: String(row.epoch), from: Number(row.from) }));
  return epochs.map((life, place) => (place === epochs.length - 1 ? { ...life, from: Number.MAX_SAFE_INTEGER } : life));
}

/** The tables that hold rows of users, without the partitions of others. */
const owned = `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'atlas'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and a.attname = 'user_id' and not a.attisdropped order by 1`;

async function tablesOf(database: Database, user: string): Promise<Map<string, string>> {
  const tables = new Map<string, string>();
  for (const { name } of await database.look(owned)) {
    const rows = `select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from ${name} t where user_id = $1`;
    tables.set(String(name), String((await database.look(rows, [user]))[0]?.rows));
  }
  return tables;
}

/** As a backup is put back: its rows, its epochs, and nothing else happens. */
async function putBack(database: Database, user: string, { tables, model }: Backup): Promise<void> {
  await database.hold(user, async (session) => {
    await session.script('reset role; set local session_replication_role = replica');
    for (const [name, rows] of tables) {
      await session.query(`delete from ${name} where user_id = $1`, [user]);
      await session.query(
        `insert into ${name} select * from jsonb_populate_recordset(null::${name}, $1::text::jsonb)`,
        [rows],
      );
    }
    const epochs = model.epochs.map(({ epoch }) => `'${epoch}'`).join(', ');
    await session.script(`delete from atlas.epochs where epoch not in (${epochs})`);
  });
}
