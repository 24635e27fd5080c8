import type { SyncState } from '../../contract/database.ts';
import { words } from '../words/words.ts';

/** The plan's name and what it means for sync; the name is null while it is not known. */
export function planWords(
  signedIn: boolean,
  state: Pick<SyncState, 'policy' | 'problem'> | null,
): { name: string | null; help: string } {
  if (!signedIn) return { name: null, help: words.localHelp };
  const policy = state?.policy ?? null;
  // A server that refuses to sync sends no policy: what is known of it is from before.
  if (policy?.tier === 'free' || state?.problem?.code === 'tier') {
    return { name: words.tiers.free, help: words.tierHelp.free };
  }
  if (policy === null) return { name: null, help: words.sync.notYet };
  const name = (words.tiers as Record<string, string | undefined>)[policy.tier] ?? null;
  return { name, help: words.tierHelp.syncs(policy.interval) };
}
