import { newId } from '../../contract/ids.ts';
import { act } from '../act.ts';
import { focusComposer } from '../conversation/composer-focus.ts';
import { addToNewDraft, sparingNewDraft } from '../conversation/new-draft.ts';
import type { AttentionItem } from '../read/read-attention.ts';
import { navigate } from '../route.ts';

/** Has what was refused sent again. */
export function retryRefused(id: string): Promise<boolean> {
  return act({ do: 'retry', id });
}

/** Gives up what needs attention. */
export function discardAttention({ id, is }: Pick<AttentionItem, 'id' | 'is'>): Promise<boolean> {
  return act(is === 'draft' ? { do: 'keep-draft', conversation: id, text: '' } : { do: 'discard', id });
}

const underWay = new Set<string>();

/**
 * Gives a text whose conversation is gone a new one: a message is written there anew, a draft stands in its composer. The
 * old one goes only once the new one is stored.
 */
export async function putIntoNewConversation(item: Pick<AttentionItem, 'id' | 'is' | 'text'>): Promise<boolean> {
  if (underWay.has(item.id)) return false;
  underWay.add(item.id);
  try {
    return await (item.is === 'draft' ? moveDraft(item) : writeAnew(item));
  } finally {
    underWay.delete(item.id);
  }
}

async function writeAnew(item: Pick<AttentionItem, 'id' | 'is' | 'text'>): Promise<boolean> {
  const id = newId(Date.now(), crypto);
  const conversation = newId(Date.now(), crypto);
  const written = await sparingNewDraft(() =>
    act({ do: 'write-message', id, conversation, parent: null, text: item.text }),
  );
  if (!written) return false;
  const done = await discardAttention(item);
  navigate({ page: 'conversation', id: conversation });
  return done;
}

async function moveDraft(item: Pick<AttentionItem, 'id' | 'is' | 'text'>): Promise<boolean> {
  if (!(await addToNewDraft(item.text))) return false;
  const done = await discardAttention(item);
  navigate({ page: 'new' });
  focusComposer();
  return done;
}
