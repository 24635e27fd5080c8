import { draftOf, keepAllDrafts, typeText } from './drafts.ts';

/** Puts a text after what stands in the composer of the conversation that is to come; true once the device keeps it. */
export async function addToNewDraft(text: string): Promise<boolean> {
  const draft = draftOf('new');
  await draft.loaded;
  typeText(draft, [draft.text.value, text].filter((part) => part.trim() !== '').join('\n\n'));
  await keepAllDrafts();
  return draft.kept.value === draft.text.value;
}

/**
 * Has a conversation written that does not come from the draft of new ones. The worker clears that draft with every new
 * conversation, so it is kept again.
 */
export async function sparingNewDraft<T>(write: () => Promise<T>): Promise<T> {
  const draft = draftOf('new');
  await draft.loaded;
  const isEmpty = draft.text.value === '';
  // What is not known to be kept is not read again when the worker has cleared it.
  if (!isEmpty) draft.kept.value = null;
  try {
    return await write();
  } finally {
    if (!isEmpty) await keepAllDrafts();
  }
}
