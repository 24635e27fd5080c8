import type { AnyRow } from '../../contract/entities.ts';
import type { MemoryDatabase } from '../../sw/engine/testing/memory-database.ts';
import { allRows } from '../model/account.ts';
import { poisonRow } from '../server.ts';
import type { World } from '../world.ts';

/** 3, 4 and 7: every device of an account holds exactly what the server holds of it. */
export function checkConverged({ server, browsers, breaks }: World): void {
  for (const browser of browsers) {
    for (const { database, user } of browser.accounts()) {
      if (user === null || server.account(user.id).deleted) continue;
      const here = rowsOn(browser.disk(database).contents.database);
      const there = allRows(server.account(user.id).account);
      const where = `${browser.name}, ${database} of ${user.id}`;
      for (const row of there) {
        const mine = here.get(row.id);
        here.delete(row.id);
        if ('text' in row && row.text.includes(poisonRow)) continue;
        if (mine === undefined && isAway(browser.disk(database).contents.database, row)) continue;
        if (mine === undefined) breaks('4 no row is skipped', `${where} lacks ${JSON.stringify(row)}`);
        else if (!same(mine, row)) {
          breaks('3 devices converge', `${where} has ${JSON.stringify(mine)}, the server ${JSON.stringify(row)}`);
        }
      }
      for (const row of here.values())
        breaks('3 devices converge', `${where} has ${JSON.stringify(row)}, the server not`);
    }
  }
}

function rowsOn(database: MemoryDatabase): Map<string, AnyRow> {
  const rows = new Map<string, AnyRow>();
  for (const store of ['conversations', 'messages'] as const) {
    for (const { base } of database.recordsOf(store)) if (base !== null) rows.set(base.id, base);
  }
  for (const { messages } of database.recordsOf('pages')) {
    for (const { savedAt: _, sentAt: __, ...row } of messages) rows.set(row.id, row);
  }
  return rows;
}

function same(a: AnyRow, b: AnyRow): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(row: object): unknown {
  return Object.entries(row)
    .map(([name, value]) => [name, typeof value === 'object' && value !== null ? sorted(value) : value])
    .sort();
}

/** Messages that nobody looked at for long leave the device, which must know that they have. */
function isAway(database: MemoryDatabase, row: AnyRow): boolean {
  if (row.kind !== 'message') return false;
  const { conversation } = row;
  const { floor = 0, leavable = 0 } = database.recordsOf('conversations').find(({ id }) => id === conversation) ?? {};
  return row.pos <= floor || (row.pos <= leavable && lowestHere(database, conversation) > leavable);
}

function lowestHere(database: MemoryDatabase, conversation: string): number {
  const own = (record: { conversation: string }) => record.conversation === conversation;
  const pages = database.recordsOf('pages').filter(own);
  const apart = database.recordsOf('messages').filter(own);
  return Math.min(...pages.map(({ first }) => first), ...apart.map(({ rank }) => rank));
}
