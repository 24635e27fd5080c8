import * as v from 'valibot';
import type { SyncState } from '../../contract/database.ts';

const PokeSchema = v.object({ seq: v.nullable(v.number()), device: v.nullable(v.string()) });

/**
 * Whether what the channel said is news here. `own`: this device wrote it and will have it with the answer; it is news if
 * that does not bring it, since a copied profile goes by the same name. What cannot be read may be news.
 */
export function judgePoke(
  said: unknown,
  { device, cursor }: Pick<SyncState, 'device' | 'cursor'>,
): 'news' | 'known' | 'own' {
  const poke = v.safeParse(PokeSchema, said);
  if (!poke.success || poke.output.seq === null) return 'news';
  if (cursor !== null && poke.output.seq <= cursor.seq) return 'known';
  return poke.output.device === device ? 'own' : 'news';
}
