import type { Bounds } from '../../contract/key-ranges.ts';

export function keyRange({ lower, upper, lowerOpen }: Bounds): IDBKeyRange {
  return IDBKeyRange.bound(lower, upper, lowerOpen ?? false);
}
