import type { MessageRecord, PageRecord } from '../../contract/database.ts';
import { placesOf } from '../../contract/key-ranges.ts';
import { recordOf } from '../../contract/paged-message.ts';
import { keyRange } from './key-range.ts';
import type { AccountDatabase } from './open-database.ts';
import { fromTheEnd, readLatest } from './read-latest.ts';

/** About how many messages a page has. */
const usualMessages = 50;

type Reading = Pick<ReturnType<AccountDatabase['transaction']>, 'objectStore'>;

/** The newest messages of a conversation in order, from its pages and from what stands apart, and whether there are older ones. */
export async function readHistory(
  reading: Reading,
  conversation: string,
  most: number,
): Promise<{ records: MessageRecord[]; older: boolean }> {
  const range = keyRange(placesOf(conversation));
  const [apart, paged] = await Promise.all([
    readLatest(reading.objectStore('messages').index('place'), range, most),
    latestPages(reading, range, most),
  ]);
  const here = [...paged.pages.flatMap(({ messages }) => messages.map(recordOf)), ...apart.records];
  here.sort((a, b) => a.rank - b.rank);
  return { records: here.slice(-most), older: apart.more || paged.more || here.length > most };
}

/** The last pages, as many as hold so many messages. */
async function latestPages(
  reading: Reading,
  range: IDBKeyRange,
  most: number,
): Promise<{ pages: PageRecord[]; more: boolean }> {
  const store = reading.objectStore('pages');
  let wanted = Math.ceil(most / usualMessages);
  for (;;) {
    const [pages, total] = await Promise.all([fromTheEnd(store, range, wanted), store.count(range)]);
    const more = total > pages.length;
    const missing = most - pages.reduce((sum, { messages }) => sum + messages.length, 0);
    if (missing <= 0 || !more) return { pages, more };
    wanted += Math.ceil(missing / usualMessages);
  }
}
