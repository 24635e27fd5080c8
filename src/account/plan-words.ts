import type { Policy } from '../../contract/wire.ts';
import { words } from '../words/words.ts';

/** The plan's name and what it means for sync; the name is null while it is not known. */
export function planWords(signedIn: boolean, policy: Policy | null): { name: string | null; help: string } {
  if (!signedIn) return { name: null, help: words.localHelp };
  if (policy === null) return { name: null, help: words.sync.notYet };
  const help = policy.tier === 'free' ? words.tierHelp.free : words.tierHelp.syncs(policy.interval);
  return { name: words.tiers[policy.tier], help };
}
