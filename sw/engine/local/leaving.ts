import type { PageKey } from '../../../contract/database.ts';
import { placesOf, sentPlacesOf } from '../../../contract/key-ranges.ts';
import { isSettled } from '../../../contract/paged-message.ts';
import type { Query, Tables } from './tables.ts';

/** What the server knows of and stands apart, in order. */
export function apartOf(conversation: string, limit?: number): Query {
  return { index: 'place', range: sentPlacesOf(conversation), ...(limit === undefined ? {} : { limit }) };
}

/** Whether any message at or below that pos is here. */
export async function holdsUpTo(tables: Tables, conversation: string, pos: number): Promise<boolean> {
  const [page] = await tables.getAllKeys('pages', { range: placesOf(conversation), limit: 1 });
  const [apart] = await tables.getAll('messages', apartOf(conversation, 1));
  const places = [(page as PageKey | undefined)?.[2], apart?.rank];
  return places.some((place) => place !== undefined && place <= pos);
}

/** The newest message here that the server knows of. */
export async function newestSent(tables: Tables, conversation: string): Promise<string | undefined> {
  const newestIn = { direction: 'prev', limit: 1 } as const;
  const [page] = await tables.getAll('pages', { range: placesOf(conversation), ...newestIn });
  const [apart] = await tables.getAll('messages', { ...apartOf(conversation), ...newestIn });
  return apart && apart.rank > (page?.last ?? 0) ? apart.id : page?.messages.at(-1)?.id;
}

/** Removes all that the server knows of, if it is settled and at or below that pos; deletes and writes nothing. */
export async function letAllGo(tables: Tables, conversation: string, upTo: number): Promise<boolean> {
  const range = placesOf(conversation);
  const apart = await tables.getAll('messages', apartOf(conversation));
  const [page] = (await tables.getAllKeys('pages', { range, direction: 'prev', limit: 1 })) as PageKey[];
  const isAbove = apart.some((record) => !isSettled(record) || record.rank > upTo) || (page?.[1] ?? 0) > upTo;
  if (isAbove || (page === undefined && apart.length === 0)) return false;
  for (const { id } of apart) tables.delete('messages', id);
  tables.delete('pages', { range });
  return true;
}
