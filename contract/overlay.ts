import type { EntityRecord, LocalField } from './database.ts';
import type { Fields, Kind } from './entities.ts';

/** The fields as people see them: what was written here over what the server said. */
export function seenFields<K extends Kind>(record: Pick<EntityRecord<K>, 'base' | 'local'>): Partial<Fields<K>> {
  const local = Object.entries(record.local) as [string, LocalField<unknown>][];
  return {
    ...(record.base ?? {}),
    ...Object.fromEntries(local.map(([field, written]) => [field, written.value])),
  } as Partial<Fields<K>>;
}
