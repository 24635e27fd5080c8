import type { PagedMessage, PageRecord } from '../../../contract/database.ts';

/** Messages in a page when a page is made, and where it is made one with the next. */
const usual = 50;
export const fewest = 12;
/** So many together make a page of their own, where they touch no other. */
export const enough = 25;
/** Characters in a page, so that an edit of one long message does not rewrite a hundred of them. */
const charactersMost = 400_000;

/** Both together in order of pos; of the same message the second one counts. */
export function joined(known: readonly PagedMessage[], coming: readonly PagedMessage[]): PagedMessage[] {
  const ids = new Set(coming.map(({ id }) => id));
  return [...known.filter(({ id }) => !ids.has(id)), ...coming].sort((a, b) => a.pos - b.pos);
}

/** The pages that hold these messages of one conversation, which are in order of pos: as many as it takes, equally full. */
export function pagesOf(conversation: string, messages: readonly PagedMessage[]): PageRecord[] {
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  const wanted = Math.max(Math.round(messages.length / usual), Math.ceil(characters / charactersMost));
  const count = Math.min(Math.max(wanted, 1), messages.length);
  return Array.from({ length: count }, (_, page) => {
    const mine = messages.slice(
      Math.floor((page * messages.length) / count),
      Math.floor(((page + 1) * messages.length) / count),
    );
    const [last, first] = [mine.at(-1)?.pos ?? 0, mine[0]?.pos ?? 0];
    return { conversation, last, first, messages: mine, idEnds: mine.map(({ id }) => endOf(id)) };
  });
}

/** The part of an id that is random, as far as a number can hold it. */
export function endOf(id: string): number {
  return Number.parseInt(id.slice(-11), 16) || 0;
}

/** Whether these two would make one page. */
export function makeOnePage(a: PageRecord, b: PageRecord): boolean {
  return pagesOf(a.conversation, [...a.messages, ...b.messages]).length === 1;
}

/** Whether a page has room for what comes after it. */
export function hasRoom({ messages }: PageRecord): boolean {
  return messages.length < usual;
}
