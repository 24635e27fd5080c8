import type { AttentionItem } from '../read/read-attention.ts';
import { words } from '../words/words.ts';

/** Why a refused thing was refused, in words. */
export function refusalWords(refusal: string | null): string {
  return words.refusals[refusal ?? ''] ?? words.refusedOtherwise;
}

/** Whether trying again can help: not where what it belongs to is gone for good. */
export function canRetry({
  is,
  refusal,
  conversation,
}: Pick<AttentionItem, 'is' | 'refusal' | 'conversation'>): boolean {
  if (is === 'draft') return false;
  return is !== 'message' || (refusal !== 'gone' && conversation !== null);
}

/** Why something needs attention, in words. */
export function attentionWhy(item: AttentionItem): string {
  if (item.is === 'draft') return words.draftHomeless;
  const why = refusalWords(item.refusal);
  return item.is === 'conversation' ? `${why} ${words.messagesWait}` : why;
}
