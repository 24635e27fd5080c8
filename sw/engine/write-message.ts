import type { ConversationRecord, MessageRecord } from '../../contract/database.ts';
import { wellFormed } from '../../contract/text.ts';
import { sentDraft } from './drafts.ts';
import type { Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';
import { refuse } from './refuse.ts';
import { titleFromText } from './title-from-text.ts';
import { type Writing, writeFields } from './written-fields.ts';

export interface NewMessage {
  id: string;
  conversation: string;
  parent: string | null;
  text: string;
  /** The page it was written in. */
  page?: string;
}

/**
 * Stores what a person wrote, and its conversation if that is new; the draft it came from goes. The same message twice is
 * one message, and one that was given up or purged since does not come back.
 */
export async function writeMessage(stored: Stored, message: NewMessage, writing: Writing): Promise<void> {
  const { id, conversation, parent } = message;
  const text = wellFormed(message.text);
  const gone = await stored.tombstones([id, conversation]);
  const known = await stored.entity('message', id);
  if (known !== undefined || gone.has(id)) return;

  const home = await stored.entity('conversation', conversation);
  if (home === undefined && !gone.has(conversation)) {
    const fresh: ConversationRecord = { kind: 'conversation', id: conversation, made: {}, base: null, local: {} };
    await writeFields<'conversation'>(stored, fresh, { title: titleFromText(text), trashed: false }, writing);
    await sentDraft(stored, { ...message, conversation: 'new' });
  }
  const record: MessageRecord = {
    kind: 'message',
    id,
    made: { conversation, role: 'user', parent, attempt: 0 },
    base: null,
    local: {},
    conversation,
    rank: 0,
    savedAt: writing.now,
  };
  await writeFields<'message'>(stored, record, { text }, writing);
  await sentDraft(stored, message);

  const changed = await stored.entity('conversation', conversation);
  if (changed === undefined) {
    await refuse(stored, id, 'gone');
    return;
  }
  // A new message brings its conversation back from the trash, here as on the server.
  if (!(await writeFields<'conversation'>(stored, changed, { trashed: false }, writing)))
    await rankAgain(stored, changed);
}
