import type { Problem } from '../../contract/database.ts';
import type { LegName } from '../controls/leg.tsx';
import { ago } from '../words/times.ts';
import { words } from '../words/words.ts';

/** What the sync status is made of. */
export interface SyncFacts {
  signedIn: boolean;
  tier: string | null;
  online: boolean;
  syncing: boolean;
  waiting: number;
  lastSynced: number | null;
  problem: Problem | null;
  now: number;
}

export interface SyncWords {
  tone: 'quiet' | 'warn' | 'danger';
  leg: LegName;
  text: string;
}

/** These do not go away by waiting: they are said at once. The others only after a retry had its chance. */
const lasting: ReadonlySet<Problem['code']> = new Set(['signed-out', 'account-gone', 'too-old', 'storage']);

function saidProblem(problem: Problem | null): Problem | null {
  if (problem === null) return null;
  return lasting.has(problem.code) || problem.failures > 1 ? problem : null;
}

/** Where sync stands, in words. */
export function syncWords(facts: SyncFacts): SyncWords {
  const say = words.sync;
  if (!facts.signedIn || facts.tier === 'free' || facts.problem?.code === 'tier') {
    return { tone: 'quiet', leg: 'local', text: say.local };
  }
  const problem = saidProblem(facts.problem);
  if (problem && lasting.has(problem.code)) return problemWords(problem);
  if (!facts.online) {
    return facts.waiting > 0
      ? { tone: 'warn', leg: 'offline', text: say.offlineWaiting(facts.waiting) }
      : { tone: 'quiet', leg: 'offline', text: say.offline };
  }
  if (facts.syncing) return { tone: 'quiet', leg: 'sending', text: say.syncing };
  if (problem) return problemWords(problem);
  if (facts.waiting > 0) return { tone: 'warn', leg: 'saved', text: say.waiting(facts.waiting) };
  if (facts.lastSynced === null) return { tone: 'quiet', leg: 'saved', text: say.notYet };
  return { tone: 'quiet', leg: 'sent', text: say.synced(ago(facts.lastSynced, facts.now)) };
}

function problemWords(problem: Problem): SyncWords {
  return { tone: 'danger', leg: 'problem', text: words.sync.problem(words.problems[problem.code]) };
}
