import {
  type ConversationRecord,
  entityStores,
  type MessageRecord,
  type OutboxEntry,
} from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';
import { refusedOf } from '../../contract/key-ranges.ts';
import { seenFields } from '../../contract/overlay.ts';
import { keyRange } from './key-range.ts';
import type { AccountDatabase } from './open-database.ts';

/** What kind of thing did not go through. */
export type AttentionKind = 'message' | 'conversation' | 'title' | 'change' | 'deletion' | 'draft';

/** Something that waits for a decision of the person who wrote it. */
export interface AttentionItem {
  /** Of what was refused; of a draft its conversation's. */
  id: string;
  is: AttentionKind;
  text: string;
  /** Why it was refused; null for a draft. */
  refusal: string | null;
  /** Where it belongs, if that is on this device. */
  conversation: { id: string; title: string } | null;
  /** When it was written, by this device. */
  at: number | null;
  attempts: number;
}

const kinds = Object.keys(entityStores) as Kind[];

/** What was refused, in order of writing, and after it drafts whose conversation is gone. */
export async function readAttention(database: AccountDatabase): Promise<AttentionItem[]> {
  const transaction = database.transaction(['outbox', 'conversations', 'messages', 'drafts']);
  const conversations = transaction.objectStore('conversations');
  const messages = transaction.objectStore('messages');
  const byState = transaction.objectStore('outbox').index('state');
  const [drafts, ...entries] = await Promise.all([
    transaction.objectStore('drafts').getAll(),
    ...kinds.map((kind) => byState.getAll(keyRange(refusedOf(kind)))),
  ]);
  const refused = entries
    .flat()
    .sort((a, b) => a.order - b.order)
    .map(async (entry) => {
      const message = entry.kind === 'message' ? await messages.get(entry.id) : undefined;
      const home = await conversations.get(message?.conversation ?? entry.id);
      return message ? ofMessage(entry, message, home) : ofConversation(entry, home);
    });
  const homeless = drafts
    .filter(({ conversation, text }) => conversation !== 'new' && text.trim() !== '')
    .map(async ({ conversation, text }) =>
      (await conversations.getKey(conversation)) === undefined ? [ofDraft(conversation, text)] : [],
    );
  return [...(await Promise.all(refused)), ...(await Promise.all(homeless)).flat()];
}

function ofMessage(
  { id, refusal, attempts }: OutboxEntry,
  message: MessageRecord,
  home: ConversationRecord | undefined,
): AttentionItem {
  return {
    id,
    is: 'message',
    text: seenFields(message).text ?? '',
    refusal: refusal ?? '',
    conversation: home ? named(home) : null,
    at: message.savedAt ?? null,
    attempts,
  };
}

function ofConversation(entry: OutboxEntry, record: ConversationRecord | undefined): AttentionItem {
  const { id, refusal, attempts } = entry;
  const { title, trashed } = record?.local ?? {};
  return {
    id,
    is: kindOfChange(entry, record),
    text: record ? (seenFields(record).title ?? '') : '',
    refusal: refusal ?? '',
    conversation: record ? named(record) : null,
    at: (title ?? trashed)?.written.device ?? null,
    attempts,
  };
}

function kindOfChange(entry: OutboxEntry, record: ConversationRecord | undefined): AttentionKind {
  if (entry.purge === true || record === undefined) return 'deletion';
  if (record.base === null) return 'conversation';
  return record.local.title ? 'title' : 'change';
}

function ofDraft(conversation: string, text: string): AttentionItem {
  return { id: conversation, is: 'draft', text, refusal: null, conversation: null, at: null, attempts: 0 };
}

/** The title as the server knows it: a new one may be what was refused. */
function named(record: ConversationRecord): { id: string; title: string } {
  return { id: record.id, title: record.base?.title ?? seenFields(record).title ?? '' };
}
