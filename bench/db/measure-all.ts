import { readAccounts } from './atlas-requests.ts';
import type { Setting } from './bench-setting.ts';
import { openClients } from './clients.ts';
import { coverMonths } from './cover-months.ts';
import { fillAccounts, fillHistories, settle } from './fill-history.ts';
import { fillNaive, fillNaiveWithStatistics } from './fill-naive.ts';
import { lookAtEveryRequest, lookAtNaive } from './look-at-designs.ts';
import { measureHistories, measurePartitions } from './measure-growth.ts';
import { checkReads, measureFirst, measureIdle, measureOneNew, type Readers } from './measure-reads.ts';
import { checkPushes, measurePush } from './measure-writes.ts';
import { naiveFunctions } from './naive-requests.ts';
import { leaveNoPartitions } from './no-partitions.ts';
import type { BenchServer, Sql } from './open-server.ts';

export type Figures = Awaited<ReturnType<typeof measureAll>>;

/** Fills the databases and measures everything; says how far it is. */
export async function measureAll(server: BenchServer, setting: Setting, say: (what: string) => void) {
  const sql = await server.openProject('partitioned');
  await coverMonths(sql, setting.months);
  await fillAtlas(sql, setting);
  say(
    `${setting.accounts} accounts, ${setting.writers} with ${setting.conversations} × ${setting.messages} messages, are filled`,
  );
  const plain = await server.openProject('unpartitioned');
  await leaveNoPartitions(plain);
  await fillAtlas(plain, { ...setting, accounts: setting.writers });
  say('the same without partitions is filled');
  await fillNaive(sql, 'naive', setting.months);
  await fillNaive(sql, 'naive_unparted', 0);
  await fillNaiveWithStatistics(sql, 'naive_counted', setting.months);
  say('the naive designs are filled');
  await sql`checkpoint`;

  const readers = await openReaders(server, sql, setting);
  const { clients, unparted, epoch, accounts, beforeNewest, afterNewest } = readers;
  const [account] = accounts;
  if (account === undefined) throw new Error('there are no accounts');
  await checkReads(readers);
  const touched = {
    atlas: await lookAtEveryRequest(sql, epoch, account),
    naive: await lookAtNaive(sql, account, beforeNewest, afterNewest),
  };
  say('buffers and locks are counted');
  const idle = await measureIdle(readers, setting.pace);
  say('idle is measured');
  const oneNew = await measureOneNew(readers, setting.pace);
  say('one new message is measured');
  const first = await measureFirst(readers, { ...setting.pace, milliseconds: 2 * setting.pace.milliseconds });
  say('the first sync is measured');
  const pushOne = await measurePush(clients, epoch, accounts, 1, setting.pace);
  const pushTwenty = await measurePush(clients, epoch, accounts, 20, setting.pace);
  await checkPushes(sql, accounts);
  say('pushes are measured');
  clients.close();
  unparted.close();
  const growth = {
    partitions: await measurePartitions(server, setting, say),
    histories: await measureHistories(server, setting, say),
  };
  say('growth is measured');
  return { idle, oneNew, first, pushOne, pushTwenty, touched, growth };
}

async function fillAtlas(sql: Sql, { accounts, writers, conversations, messages, months }: Setting): Promise<void> {
  await fillAccounts(sql, accounts);
  await fillHistories(sql, { first: 1, last: writers, conversations, messages, months });
  await settle(sql);
}

async function openReaders(server: BenchServer, sql: Sql, { pace }: Setting): Promise<Readers> {
  const functions = {
    sync: 'public.sync($1::json)',
    ...naiveFunctions('naive'),
    ...naiveFunctions('naive_unparted'),
    ...naiveFunctions('naive_counted'),
  };
  const [newest] = await sql<{ before: Date; after: Date }[]>`
    select max(m.updated_at) - interval '5 minutes' as before, max(m.updated_at) + interval '1 second' as after
    from naive.messages m`;
  if (newest === undefined) throw new Error('there are no messages');
  return {
    clients: await openClients(server.port, 'partitioned', pace.clients, functions),
    unparted: await openClients(server.port, 'unpartitioned', pace.clients, { sync: 'public.sync($1::json)' }),
    ...(await readAccounts(sql)),
    everyone: await sql`select h.user_id as id, h.seq::integer as head from atlas.heads h`,
    beforeNewest: newest.before.toISOString(),
    afterNewest: newest.after.toISOString(),
  };
}
