import postgres from 'postgres';
import { type Account, pushRequest, readAccounts, standOf } from '../db/atlas-requests.ts';
import { openClients } from '../db/clients.ts';
import { fillAccounts, fillHistories, settle } from '../db/fill-history.ts';
import { interleave, type Pace, ratio } from '../db/interleave.ts';
import { type BenchServer, openServer, type Sql } from '../db/open-server.ts';

/** How devices can be told of a push, each in a database of its own. */
const ways = {
  nothing: 'drop trigger poke_moved on atlas.heads',
  byServer: `do $$ begin execute format('alter database %I set atlas.pokes = caller', current_database()); end $$`,
  notify: 'drop function realtime.send(jsonb, text, text, boolean)',
  realtimeSend: 'select',
};
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];

/** The disk as it is, and one that takes 2 ms to write a commit, as those on a network do. */
const disks = {
  thisDisk: 'select',
  slowDisk: `
    do $$ begin
      execute format('alter database %I set commit_delay = 2000', current_database());
      execute format('alter database %I set commit_siblings = 0', current_database());
    end $$`,
};
type Disk = keyof typeof disks;

/** Pushes a second, and the share of those that nobody is told of. */
export type Pushes = Record<Disk, Record<Way, { perSecond: number; share: number }>>;

const accountsEach = 64;

/** Pushes of one message from several clients at once, in all ways in turns. */
export async function measurePushes(pace: Pace, say: (what: string) => void): Promise<Pushes> {
  const server = await openServer();
  const closing: (() => unknown)[] = [];
  const measured = {} as Pushes;
  try {
    for (const disk of Object.keys(disks) as Disk[]) {
      const contenders = {} as Record<Way, (client: number) => Promise<void>>;
      for (const way of names) contenders[way] = await pushing(server, disk, way, pace.clients, closing);
      const turns = await interleave(contenders, pace);
      measured[disk] = Object.fromEntries(
        names.map((way) => [
          way,
          {
            perSecond: Math.round(turns[way].perSecond),
            share: Math.round(ratio(turns[way], turns.nothing) * 1_000) / 1_000,
          },
        ]),
      ) as Pushes[Disk];
      say(`pushes on ${disk}: ${JSON.stringify(measured[disk])}`);
    }
    return measured;
  } finally {
    for (const close of closing) await close();
    await server.close();
  }
}

/** What one client does once; every client has accounts of its own. */
async function pushing(server: BenchServer, disk: Disk, way: Way, count: number, closing: (() => unknown)[]) {
  const database = `${disk}_${way}`.toLowerCase();
  const sql = await server.openProject(database);
  await fill(sql);
  await sql.unsafe(ways[way]);
  await sql.unsafe(disks[disk]);
  if (way === 'notify') closing.push(await hear(server.port, database));
  const { accounts, epoch } = await readAccounts(sql);
  const clients = await openClients(server.port, database, count, { sync: 'public.sync($1::json)' });
  closing.push(() => clients.close());
  const next = Array.from({ length: count }, (_, client) => client);
  return async (client: number) => {
    const turn = next[client] ?? client;
    next[client] = turn + count;
    const account: Account | undefined = accounts[turn % accountsEach];
    if (account === undefined) throw new Error('no such account');
    const request = pushRequest(epoch, account, ['The train leaves at nine.']);
    account.head = standOf(await clients.call(client, 'sync', account.id, request, true)).cursor.seq;
  };
}

async function fill(sql: Sql): Promise<void> {
  await fillAccounts(sql, accountsEach);
  await fillHistories(sql, { first: 1, last: accountsEach, conversations: 3, messages: 20, months: 1 });
  await settle(sql);
}

async function hear(port: number, database: string): Promise<() => Promise<void>> {
  const sql = postgres({ host: '127.0.0.1', port, user: 'supabase_admin', password: 'test', database, max: 1 });
  await sql.listen('atlas_pokes', () => undefined);
  return () => sql.end();
}
