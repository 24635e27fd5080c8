import type { Bounds, Key } from '../../../contract/key-ranges.ts';

function rank(key: Key): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}

/** Below 0, 0, or above: keys as IndexedDB orders them. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compareKeys(a[i] as Key, b[i] as Key);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  return rank(a) - rank(b);
}

/** Whether a key is between these bounds. */
export function isWithin(key: Key, { lower, upper, lowerOpen }: Bounds): boolean {
  const below = compareKeys(lower, key);
  return (lowerOpen ? below < 0 : below <= 0) && compareKeys(key, upper) <= 0;
}
