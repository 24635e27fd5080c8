import type { Kind } from '../contract/entities.ts';
import { renameConversation, trashConversation } from '../sw/engine/change-conversation.ts';
import { keepDraft } from '../sw/engine/drafts.ts';
import { discardWaiting, retryRefused } from '../sw/engine/needs-attention.ts';
import type { Stored } from '../sw/engine/ports.ts';
import { purge } from '../sw/engine/purge.ts';
import type { Trigger } from '../sw/engine/sync-policy.ts';
import { writeMessage } from '../sw/engine/write-message.ts';
import type { Writing } from '../sw/engine/written-fields.ts';

/** Something that a person changes. */
export interface Change {
  trigger: Trigger | null;
  /** The entities that it may change. */
  about: { kind: Kind; id: string }[];
  givesUp?: true;
  write(stored: Stored, writing: Writing): Promise<unknown>;
}

const ofConversation = (id: string) => ({ kind: 'conversation', id }) as const;

export const newMessage = (id: string, conversation: string, parent: string | null, text: string): Change => ({
  trigger: 'message',
  about: [ofConversation(conversation), { kind: 'message', id }],
  write: (stored, writing) => writeMessage(stored, { id, conversation, parent, text }, writing),
});
export const rename = (id: string, title: string): Change => ({
  trigger: 'title',
  about: [ofConversation(id)],
  write: (stored, writing) => renameConversation(stored, id, title, writing),
});
export const trash = (id: string, trashed: boolean): Change => ({
  trigger: 'other',
  about: [ofConversation(id)],
  write: (stored, writing) => trashConversation(stored, id, trashed, writing),
});
export const purgeConversation = (id: string): Change => ({
  trigger: 'other',
  about: [ofConversation(id)],
  write: (stored, writing) => purge(stored, 'conversation', id, writing),
});
export const retry = (kind: Kind, id: string): Change => ({
  trigger: 'message',
  about: [{ kind, id }],
  write: (stored) => retryRefused(stored, id),
});
export const discard = (kind: Kind, id: string): Change => ({
  trigger: 'other',
  about: [{ kind, id }],
  givesUp: true,
  write: (stored, writing) => discardWaiting(stored, id, writing),
});
export const draft = (conversation: string, text: string): Change => ({
  trigger: null,
  about: [],
  write: (stored) => keepDraft(stored, { conversation, text }, new Set()),
});
