import { type Account, pullRequest, readAccounts } from './atlas-requests.ts';
import type { Setting } from './bench-setting.ts';
import { type Clients, openClients } from './clients.ts';
import { coverMonths, leaveMonths } from './cover-months.ts';
import { fillAccounts, fillHistories, settle } from './fill-history.ts';
import { type Contender, interleave, median } from './interleave.ts';
import type { Touched } from './look-at-call.ts';
import { lookAtAtlas } from './look-at-designs.ts';
import type { BenchServer, Sql } from './open-server.ts';

/** The cost of a call at one size, in milliseconds of a client's time, and as a multiple of that at the smallest size. */
export interface GrowthPoint extends Touched {
  size: number;
  p50: number;
  cost: number;
}

export interface Growth {
  /** The dearest size by the cheapest. */
  spread: number;
  points: GrowthPoint[];
}

type Kind = 'idle' | 'one new';
interface Place {
  size: number;
  sql: Sql;
  clients: Clients;
  epoch: string;
  accounts: Account[];
}

/** Idle and one new message with more and more partitions, each number in a database of its own. */
export async function measurePartitions(server: BenchServer, { growth }: Setting, say: (what: string) => void) {
  const places: Place[] = [];
  for (const size of growth.partitions) {
    const database = `partitions_${size}`;
    const sql = await server.openProject(database);
    const months = await leaveMonths(sql, size);
    await fillAccounts(sql, growth.accounts);
    const conversations = Math.max(1, growth.messages / 100);
    const messages = growth.messages / conversations;
    await fillHistories(sql, { first: 1, last: growth.accounts, conversations, messages, months });
    places.push(await openPlace(server, sql, database, size, growth.pace.clients));
    say(`${size} partitions are filled`);
  }
  return measurePlaces(places, growth.pace);
}

/** Idle and one new message with longer and longer histories, over the usual partitions. */
export async function measureHistories(server: BenchServer, { growth, months }: Setting, say: (what: string) => void) {
  const database = 'histories';
  const sql = await server.openProject(database);
  await coverMonths(sql, months);
  await fillAccounts(
    sql,
    growth.histories.reduce((sum, { accounts }) => sum + accounts, 0),
  );
  let first = 1;
  for (const { messages, accounts } of growth.histories) {
    const conversations = Math.max(1, messages / 100);
    const last = first + accounts - 1;
    await fillHistories(sql, { first, last, conversations, messages: messages / conversations, months });
    first += accounts;
    say(`histories of ${messages} messages are filled`);
  }
  const all = await openPlace(server, sql, database, 0, growth.pace.clients);
  const places = growth.histories.map(({ messages }) => ({
    ...all,
    size: messages,
    accounts: all.accounts.filter(({ head, conversations }) => head - 2 * conversations.length === messages),
  }));
  return measurePlaces(places, growth.pace);
}

async function openPlace(server: BenchServer, sql: Sql, database: string, size: number, count: number): Promise<Place> {
  await settle(sql);
  const clients = await openClients(server.port, database, count, { sync: 'public.sync($1::json)' });
  return { size, sql, clients, ...(await readAccounts(sql)) };
}

async function measurePlaces(places: Place[], pace: Setting['pace']): Promise<Record<Kind, Growth>> {
  const measure = async (kind: Kind): Promise<Growth> => {
    const behind = kind === 'idle' ? 0 : 2;
    const acts = places.map(({ size, clients, epoch, accounts }): [string, Contender['act']] => {
      let turn = 0;
      return [
        String(size),
        async (client) => {
          const account = accounts[turn++ % accounts.length];
          if (account === undefined) throw new Error(`nobody has a history of ${size}`);
          await clients.call(client, 'sync', account.id, pullRequest(epoch, account.head - behind));
        },
      ];
    });
    const measured = await interleave(Object.fromEntries(acts), pace);
    const base = measured[acts[0]?.[0] ?? '']?.rounds ?? [];
    const points: GrowthPoint[] = [];
    for (const { size, sql, epoch, accounts } of places) {
      const here = measured[String(size)];
      const [account] = accounts;
      if (here === undefined || account === undefined) throw new Error(`nothing was measured at ${size}`);
      const cost = median(here.rounds.map((perSecond, round) => (base[round] ?? Number.NaN) / perSecond));
      points.push({
        size,
        p50: here.p50,
        cost,
        ...(await lookAtAtlas(sql, account.id, () => pullRequest(epoch, account.head - behind))),
      });
    }
    const costs = points.map(({ cost }) => cost);
    return { spread: Math.max(...costs) / Math.min(...costs), points };
  };
  const growth = { idle: await measure('idle'), 'one new': await measure('one new') };
  for (const clients of new Set(places.map((place) => place.clients))) clients.close();
  return growth;
}
