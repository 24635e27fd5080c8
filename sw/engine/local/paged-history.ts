import type { PagedMessage, PageKey, PageRecord } from '../../../contract/database.ts';
import { only, placesFrom, placesOf } from '../../../contract/key-ranges.ts';
import { endOf, enough, fewest, hasRoom, joined, makeOnePage, pagesOf } from './pages.ts';
import type { Tables } from './tables.ts';

/** The key of the page that ends at or above this place, which is in it only if that also begins at or below. */
async function keyAt(tables: Tables, conversation: string, pos: number): Promise<PageKey | undefined> {
  return (await tables.getAllKeys('pages', { range: placesFrom(conversation, pos), limit: 1 }))[0] as
    | PageKey
    | undefined;
}

/** The message of this id, if a page has it. */
export async function inPages(tables: Tables, id: string): Promise<PagedMessage | undefined> {
  const pages = await tables.getAll('pages', { index: 'idEnds', range: only(endOf(id)) });
  return pages.flatMap(({ messages }) => messages).find((message) => message.id === id);
}

function rewrite(
  tables: Tables,
  conversation: string,
  page: PageRecord | undefined,
  messages: readonly PagedMessage[],
): void {
  const pages = pagesOf(conversation, messages);
  if (page !== undefined && !pages.some(({ last, first }) => last === page.last && first === page.first)) {
    tables.delete('pages', [conversation, page.last, page.first]);
  }
  for (const one of pages) tables.put('pages', one);
}

/** The pages that these places are in, each once, in order. Places must ascend. */
export async function pagesAt(tables: Tables, conversation: string, places: readonly number[]): Promise<PageRecord[]> {
  const pages: PageRecord[] = [];
  let key: PageKey | undefined;
  for (const pos of places) {
    if (key === undefined || pos > key[1]) key = await keyAt(tables, conversation, pos);
    if (key === undefined) break;
    if (pos < key[2] || pages.at(-1)?.last === key[1]) continue;
    const page = await tables.get('pages', key);
    if (page !== undefined) pages.push(page);
  }
  return pages;
}

/** Writes messages, which must ascend, into pages of their conversation; a page that knows one has it replaced. */
export async function insert(tables: Tables, conversation: string, messages: readonly PagedMessage[]): Promise<void> {
  let rest = messages;
  while (rest[0] !== undefined) {
    const key = await keyAt(tables, conversation, rest[0].pos);
    if (key === undefined) break;
    const [, last, first] = key;
    const mine = rest.filter(({ pos }) => pos <= last);
    const apart = mine.length >= enough && mine.every(({ pos }) => pos < first);
    const page = apart ? undefined : await tables.get('pages', key);
    rewrite(tables, conversation, page, page ? joined(page.messages, mine) : mine);
    rest = rest.slice(mine.length);
  }
  if (rest.length > 0) await append(tables, conversation, rest);
}

/** Writes messages that are above all pages. */
async function append(tables: Tables, conversation: string, messages: readonly PagedMessage[]): Promise<void> {
  const range = placesOf(conversation);
  const few = messages.length < enough;
  const [last] = few ? await tables.getAll('pages', { range, direction: 'prev', limit: 1 }) : [];
  if (last !== undefined && hasRoom(last)) rewrite(tables, conversation, last, joined(last.messages, messages));
  else rewrite(tables, conversation, undefined, messages);
}

/** Takes messages out of their pages, named by place and id, in order of place; a page left with few joins the next. */
export async function takeOut(
  tables: Tables,
  conversation: string,
  messages: readonly { id: string; pos: number }[],
): Promise<void> {
  const ids = new Set(messages.map(({ id }) => id));
  let rest = messages;
  while (rest[0] !== undefined) {
    const [page] = await tables.getAll('pages', { range: placesFrom(conversation, rest[0].pos), limit: 1 });
    if (page === undefined) return;
    const left = page.messages.filter(({ id }) => !ids.has(id));
    if (left.length < page.messages.length) rewrite(tables, conversation, page, left);
    if (left.length < fewest) await joinWithNext(tables, conversation, left);
    rest = rest.filter(({ pos }) => pos > page.last);
  }
}

async function joinWithNext(tables: Tables, conversation: string, left: readonly PagedMessage[]): Promise<void> {
  const end = left.at(-1)?.pos;
  if (end === undefined) return;
  const [mine, next] = await tables.getAll('pages', { range: placesFrom(conversation, end), limit: 2 });
  if (mine === undefined || next === undefined || !makeOnePage(mine, next)) return;
  tables.delete('pages', [conversation, mine.last, mine.first]);
  rewrite(tables, conversation, next, joined(mine.messages, next.messages));
}
