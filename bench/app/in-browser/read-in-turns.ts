import type { Readings } from '../measure/readings.ts';

/** What the page reads with, put together for it as one script. */
export interface Readers {
  openDB(name: string): Promise<unknown>;
  readMessages(database: unknown, conversation: string, most: number): Promise<{ messages: { text: string }[] }>;
  readConversationList(database: unknown, most: number): Promise<{ conversations: unknown[] }>;
}

interface Wanted {
  database: string;
  raw: string;
  conversations: string[];
  messages: number;
  listed: number;
}

/**
 * Runs in the page: reads the newest messages of each of these conversations, and the first of the list, with the app's own
 * readers and as raw would, in turns. Raw asks for the last of an index, which not every browser can.
 */
export async function readInTurns({ database, raw, conversations, messages, listed }: Wanted): Promise<Readings> {
  const { readers } = window as unknown as { readers: Readers };
  const ours = await readers.openDB(database);
  const theirs = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(raw);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });

  function rawLast(store: string, query: IDBKeyRange | null, count: number): Promise<unknown[]> {
    const index = theirs.transaction(store).objectStore(store).index('place');
    const options = { query, count, direction: 'prev' } as unknown as IDBValidKey;
    return new Promise((resolve, reject) => {
      const request = index.getAll(options);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function timed(read: () => Promise<unknown[]>, expected: number): Promise<number> {
    const began = performance.now();
    const found = await read();
    const ms = performance.now() - began;
    if (found.length !== expected) throw new Error(`${found.length} were read in place of ${expected}`);
    return ms;
  }

  const found: Readings = { conversation: [], list: [] };
  for (const id of conversations) {
    const range = IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);
    found.conversation.push({
      ours: await timed(async () => (await readers.readMessages(ours, id, messages)).messages, messages),
      raw: await timed(() => rawLast('message', range, messages), messages),
    });
    found.list.push({
      ours: await timed(async () => (await readers.readConversationList(ours, listed)).conversations, listed),
      raw: await timed(() => rawLast('conversation', null, listed), listed),
    });
  }
  theirs.close();
  return found;
}
