import { signal } from '@preact/signals';
import { trouble } from '../act.ts';
import { type AskError, ask } from '../commands.ts';
import { keepAllDrafts } from '../conversation/drafts.ts';
import { navigate } from '../route.ts';

/** Signing out met unsent work: what to do with it is being asked, and what came of the last try. */
export const unsentQuestion = signal<{ trouble: AskError | null } | null>(null);

/** Signs out; asks first if something is unsent. Drafts stay with the account. */
export async function signOut(unsent: 'ask' | 'send' | 'keep'): Promise<void> {
  await keepAllDrafts();
  trouble.value = null;
  const answer = await ask({ do: 'sign-out', unsent });
  if (answer.ok) {
    unsentQuestion.value = null;
    navigate({ page: 'list' });
  } else if (answer.error === 'unsent') {
    unsentQuestion.value = { trouble: null };
  } else if (unsentQuestion.value !== null) {
    unsentQuestion.value = { trouble: answer.error };
  } else {
    trouble.value = answer.error;
  }
}
