import type { DraftRecord } from '../../contract/database.ts';
import type { Stored } from './ports.ts';

/** Text of one page for one conversation. */
export interface PageDraft {
  conversation: string;
  text: string;
  /** The page it was typed in, where that is known. */
  page?: string;
}

/**
 * Keeps what was typed in a page. What another page that is still `open` had kept there is not overwritten: it stays behind
 * this one. A page that is gone has left its text to whoever opened the conversation after it.
 */
export async function keepDraft(
  stored: Stored,
  { conversation, text, page }: PageDraft,
  open: ReadonlySet<string>,
): Promise<void> {
  const known = await stored.draft(conversation);
  const others = textsIn(known).filter((one) => {
    const isTop = one.text === known?.text && one.page === known.page;
    return one.page !== page && one.text !== text && (!isTop || (one.page !== undefined && open.has(one.page)));
  });
  put(stored, conversation, text === '' ? others : [{ text, ...(page === undefined ? {} : { page }) }, ...others]);
}

/** Removes what became a message: what its page had kept, and every beginning of its text. What else was typed stays. */
export async function sentDraft(stored: Stored, { conversation, text, page }: PageDraft): Promise<void> {
  const known = await stored.draft(conversation);
  if (known === undefined) return;
  const left = textsIn(known).filter((one) => {
    const fromHere = page !== undefined && one.page === page;
    return !fromHere && !text.trim().startsWith(one.text.trim());
  });
  put(stored, conversation, left);
}

/** Every text kept for a conversation, the one that shows first. */
export function textsIn(draft: DraftRecord | undefined): { text: string; page?: string }[] {
  if (draft === undefined) return [];
  const { conversation: _, behind = [], ...first } = draft;
  return [first, ...behind];
}

function put(stored: Stored, conversation: string, [first, ...behind]: { text: string; page?: string }[]): void {
  if (first === undefined) stored.removeDraft(conversation);
  else stored.putDraft({ conversation, ...first, ...(behind.length > 0 ? { behind } : {}) });
}
