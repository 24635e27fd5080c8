import { unsentFrom } from './database.ts';
import type { Kind } from './entities.ts';

/** A key as IndexedDB orders them: numbers before texts before lists. */
export type Key = number | string | Key[];

/** Keys from `lower` to `upper`, both included unless `lowerOpen`. */
export interface Bounds {
  lower: Key;
  upper: Key;
  lowerOpen?: true;
}

/** Above every number and every text. */
const end: Key = [];

export function only(key: Key): Bounds {
  return { lower: key, upper: key };
}

/** Every key after that one, of the same kind. */
export function after(key: Key): Bounds {
  return { lower: key, upper: Array.isArray(key) ? [end] : end, lowerOpen: true };
}

/** Outbox entries of one kind, in its index `state`. */
export function entriesOf(kind: Kind): Bounds {
  return { lower: [kind], upper: [kind, end] };
}

/** Outbox entries of one kind that were refused. */
export function refusedOf(kind: Kind): Bounds {
  return only([kind, 'refused']);
}

/** Places of one conversation, in `messages` and in `pages`. */
export function placesOf(conversation: string): Bounds {
  return placesFrom(conversation, 0);
}

/** Places at or above that one; the first of them in `pages` is the page that holds it. */
export function placesFrom(conversation: string, place: number): Bounds {
  return { lower: [conversation, place], upper: [conversation, end] };
}

/** Places of what the server does not know yet. */
export function unsentPlacesOf(conversation: string): Bounds {
  return placesFrom(conversation, unsentFrom);
}

/** Places of what the server knows. */
export function sentPlacesOf(conversation: string): Bounds {
  return { lower: [conversation, 0], upper: [conversation, unsentFrom] };
}
