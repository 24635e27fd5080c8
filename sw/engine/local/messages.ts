import type { MessageRecord } from '../../../contract/database.ts';
import { placesOf, unsentPlacesOf } from '../../../contract/key-ranges.ts';
import { isSettled, paged, recordOf, type Settled } from '../../../contract/paged-message.ts';
import { byConversation, each } from './by-conversation.ts';
import { apartOf, holdsUpTo, letAllGo } from './leaving.ts';
import { inPages, insert, pagesAt, takeOut } from './paged-history.ts';
import { inBatches, removeSeveral, several, type Tables } from './tables.ts';

/** So many settled messages of one conversation at once go into pages; fewer stay apart until there are more. */
const batchLeast = 4;
/** So many settled messages may stand apart in one conversation. */
const apartMost = 64;

/** Where a message is: apart, in the page that holds its pos, or not on this device. */
type Home = 'apart' | { pos: number } | 'nowhere';

/**
 * The messages of one open transaction. Each is in one of two places: in a page of its conversation's history, or apart,
 * in a record of its own. Apart is what has local fields, and what came last; when much has gathered there it goes into pages.
 *
 *   written here ----> apart ----settled, and many of them----> page
 *   came, one or two -> apart                                    |
 *   came, many -------> page <-----------------------------------+
 *   local again, or edited here: page -> apart
 *
 * A message's pos must not change while it is in a page.
 */
export interface Messages {
  one(id: string): Promise<MessageRecord | undefined>;
  /** Those of these ids that are here. */
  named(ids: Iterable<string>): Promise<Map<string, MessageRecord>>;
  /** Those of these rows that are here: cheaper than by id alone. */
  known(rows: readonly Placed[]): Promise<Map<string, MessageRecord>>;
  of(conversation: string): Promise<MessageRecord[]>;
  lastUnsentRank(conversation: string): Promise<number | null>;
  /** Every one that passes, in no order; read in batches, so that what does not pass takes no room. */
  matching(passes: (record: MessageRecord) => boolean): Promise<MessageRecord[]>;
  put(records: readonly MessageRecord[]): Promise<void>;
  /** As put, for what cannot be here yet. */
  putNew(records: readonly MessageRecord[]): Promise<void>;
  remove(ids: Iterable<string>): Promise<void>;
  removeAllOf(conversation: string): Promise<void>;
  /** Whether any at or below that pos is here. */
  holdsUpTo(conversation: string, pos: number): Promise<boolean>;
  /**
   * Removes all that the server knows of, if it is settled and at or below that pos; deletes and writes nothing. False if
   * nothing was removed.
   */
  letAllGo(conversation: string, upTo: number): Promise<boolean>;
}

export interface Placed {
  id: string;
  conversation: string;
  pos: number;
}

/** The messages in an open transaction. Calls must not overlap. */
export function messagesIn(tables: Tables): Messages {
  const homes = new Map<string, Home>();

  function foundApart<T extends MessageRecord | undefined>(record: T): T {
    if (record !== undefined) homes.set(record.id, 'apart');
    return record;
  }

  function foundInPage(row: Settled['base']): MessageRecord {
    homes.set(row.id, { pos: row.pos });
    return recordOf(row);
  }

  async function inPageById(id: string): Promise<MessageRecord | undefined> {
    const row = await inPages(tables, id);
    if (row === undefined) homes.set(id, 'nowhere');
    return row && foundInPage(row);
  }

  async function apartByIds(ids: Iterable<string>): Promise<Map<string, MessageRecord>> {
    const found = await several(tables, 'messages', ids);
    for (const record of found.values()) foundApart(record);
    return found;
  }

  async function named(ids: Iterable<string>): Promise<Map<string, MessageRecord>> {
    const wanted = [...new Set(ids)];
    const found = await apartByIds(wanted);
    const rest = await Promise.all(wanted.filter((id) => !found.has(id)).map(inPageById));
    for (const record of rest) if (record !== undefined) found.set(record.id, record);
    return found;
  }

  async function known(rows: readonly Placed[]): Promise<Map<string, MessageRecord>> {
    const found = await apartByIds(rows.map(({ id }) => id));
    const rest = rows.filter(({ id }) => !found.has(id));
    for (const { id } of rest) homes.set(id, 'nowhere');
    const wanted = new Set(rest.map(({ id }) => id));
    await each(byConversation(rest), async (conversation, placed) => {
      const places = placed.map(({ pos }) => pos).sort(ascending);
      for (const page of await pagesAt(tables, conversation, places)) {
        for (const row of page.messages) if (wanted.has(row.id)) found.set(row.id, foundInPage(row));
      }
    });
    return found;
  }

  function putApart(record: MessageRecord): void {
    tables.put('messages', record);
    homes.set(record.id, 'apart');
  }

  async function leavePages(records: readonly MessageRecord[]): Promise<void> {
    const leaving = records.flatMap(({ id, conversation }) => {
      const home = homes.get(id);
      return typeof home === 'object' ? [{ id, conversation, pos: home.pos }] : [];
    });
    await each(byConversation(leaving), (conversation, placed) => takeOut(tables, conversation, placed.sort(byPos)));
  }

  async function enterPages(conversation: string, records: readonly Settled[]): Promise<void> {
    const rows = records.map(paged).sort(byPos);
    const leaving = rows.filter(({ id }) => homes.get(id) === 'apart').map(({ id }) => id);
    if (leaving.length > 0) await removeSeveral(tables, 'messages', leaving);
    for (const { id, pos } of rows) homes.set(id, { pos });
    await insert(tables, conversation, rows);
  }

  async function gatherApart(conversation: string): Promise<void> {
    const query = apartOf(conversation);
    if ((await tables.count('messages', query)) <= apartMost) return;
    const apart = (await tables.getAll('messages', query)).map(foundApart).filter(isSettled);
    if (apart.length > apartMost) await enterPages(conversation, apart);
  }

  async function putSettled(conversation: string, records: readonly Settled[]): Promise<void> {
    const many = records.length >= batchLeast;
    const entering = records.filter(({ id }) => many || typeof homes.get(id) === 'object');
    const staying = many ? [] : records.filter(({ id }) => typeof homes.get(id) !== 'object');
    for (const record of staying) putApart(record);
    await enterPages(conversation, entering);
    if (staying.length > 0) await gatherApart(conversation);
  }

  async function put(records: readonly MessageRecord[]): Promise<void> {
    await named(records.map(({ id }) => id).filter((id) => !homes.has(id)));
    const local = records.filter((record) => !isSettled(record));
    await leavePages(local);
    for (const record of local) putApart(record);
    await each(byConversation(records.filter(isSettled)), putSettled);
  }

  return {
    async one(id) {
      return foundApart(await tables.get('messages', id)) ?? inPageById(id);
    },
    named,
    known,
    async of(conversation) {
      const range = placesOf(conversation);
      const [apart, pages] = await Promise.all([
        tables.getAll('messages', { index: 'place', range }),
        tables.getAll('pages', { range }),
      ]);
      const old = pages.flatMap(({ messages }) => messages.map(foundInPage));
      return [...old, ...apart.map(foundApart)].sort((a, b) => a.rank - b.rank);
    },
    async lastUnsentRank(conversation) {
      const range = unsentPlacesOf(conversation);
      const [last] = await tables.getAll('messages', { index: 'place', range, direction: 'prev', limit: 1 });
      return last?.rank ?? null;
    },
    async matching(passes) {
      const found: MessageRecord[] = [];
      for await (const pages of inBatches(tables, 'pages', [])) {
        for (const row of pages.flatMap(({ messages }) => messages)) {
          const record = recordOf(row);
          if (!passes(record)) continue;
          homes.set(row.id, { pos: row.pos });
          found.push(record);
        }
      }
      for await (const records of inBatches(tables, 'messages', ''))
        found.push(...records.filter(passes).map(foundApart));
      return found;
    },
    put,
    putNew(records) {
      for (const { id } of records) homes.set(id, 'nowhere');
      return put(records);
    },
    async remove(ids) {
      const found = [...(await named(ids)).values()];
      await leavePages(found);
      await removeSeveral(
        tables,
        'messages',
        found.map(({ id }) => id).filter((id) => homes.get(id) === 'apart'),
      );
      for (const { id } of found) homes.set(id, 'nowhere');
    },
    async removeAllOf(conversation) {
      const range = placesOf(conversation);
      const apart = await tables.getAllKeys('messages', { index: 'place', range });
      await removeSeveral(tables, 'messages', apart as string[]);
      tables.delete('pages', { range });
      homes.clear();
    },
    holdsUpTo: (conversation, pos) => holdsUpTo(tables, conversation, pos),
    async letAllGo(conversation, upTo) {
      const gone = await letAllGo(tables, conversation, upTo);
      if (gone) homes.clear();
      return gone;
    },
  };
}

const ascending = (a: number, b: number) => a - b;
const byPos = (a: { pos: number }, b: { pos: number }) => a.pos - b.pos;
