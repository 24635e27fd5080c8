import type { ConversationRecord, DraftRecord, MessageRecord, OutboxEntry } from '../../contract/database.ts';
import { textsIn } from './drafts.ts';
import { localFields } from './fix-clocks.ts';
import type { AnyRecord, Store, Stored } from './ports.ts';
import { rankAgain } from './ranks.ts';

/** One conversation as nobody wrote it; `conversation` is undefined where only messages of it are left. */
interface Group {
  id: string;
  conversation: ConversationRecord | undefined;
  messages: MessageRecord[];
  entries: ReadonlyMap<string, OutboxEntry>;
}

/**
 * Moves what nobody wrote into the database of an account that has one already.
 *
 *   one conversation with its messages -> written there, durably -> removed here -> the next one ... -> drafts
 *
 * Killed in between, it is done again: what the account knows, as a row or as gone, is not written a second time.
 */
export async function handOver(from: Store, into: Store): Promise<void> {
  for (;;) {
    const conversations = await from.read(conversationsLeft);
    if (conversations.length === 0) break;
    for (const id of conversations) {
      const group = await from.read((stored) => readGroup(stored, id));
      await into.change('strict', (stored) => takeIn(stored, group));
      await from.change('strict', async (stored) => letGo(stored, group));
    }
  }
  const drafts = await from.read((stored) => stored.everyDraft());
  if (drafts.length === 0) return;
  await into.change('strict', async (stored) => {
    for (const draft of drafts) await takeInDraft(stored, draft);
  });
  await from.change('strict', async (stored) => {
    for (const { conversation } of drafts) stored.removeDraft(conversation);
  });
}

/** In order of writing; those of which only messages are left come last. */
async function conversationsLeft(stored: Stored): Promise<string[]> {
  const entries = await stored.outbox();
  const conversations = entries.filter(({ kind }) => kind === 'conversation').map(({ id }) => id);
  if (conversations.length > 0) return conversations;
  const messages = await stored.entities(
    'message',
    entries.map(({ id }) => id),
  );
  return [...new Set([...messages.values()].map(({ conversation }) => conversation))];
}

async function readGroup(stored: Stored, id: string): Promise<Group> {
  const conversation: ConversationRecord | undefined = await stored.entity('conversation', id);
  const messages = await stored.messagesOf(id);
  const entries = await stored.outboxEntries([id, ...messages.map((message) => message.id)]);
  return { id, conversation, messages, entries };
}

async function takeIn(stored: Stored, group: Group): Promise<void> {
  const ids = group.messages.map((message) => message.id);
  const gone = await stored.tombstones([group.id, ...ids]);
  const home: ConversationRecord | undefined = await stored.entity('conversation', group.id);
  const known = await stored.entities('message', ids);
  const messages = group.messages.filter(({ id }) => !known.has(id) && !gone.has(id));
  const isNew = home === undefined && !gone.has(group.id);
  const fresh: AnyRecord[] = [...(isNew && group.conversation ? [group.conversation] : []), ...messages];
  if (fresh.length === 0) return;

  const later = await placesAfterAll(stored, fresh, group.entries);
  for (const record of fresh) {
    const entry = group.entries.get(record.id);
    if (entry === undefined) continue;
    const { id, kind, refusal } = entry;
    const moved = { id, kind, order: later(entry.order), origin: 'import', attempts: 0 } as const;
    // Its conversation was purged meanwhile: its writer decides, as with any other message to one that is gone.
    const why = kind === 'message' && gone.has(group.id) ? 'gone' : refusal;
    stored.putOutbox(why === undefined ? { ...moved, state: 'waiting' } : { ...moved, state: 'refused', refusal: why });
    for (const [, { written }] of localFields(record)) written.order = later(written.order);
  }
  for (const message of messages) await rankAgain(stored, message);
  const conversation = home ?? (isNew ? group.conversation : undefined);
  if (conversation !== undefined) await rankAgain(stored, conversation);
}

/** Puts orders of writing behind all there are, in the same sequence. */
async function placesAfterAll(
  stored: Stored,
  records: readonly AnyRecord[],
  entries: Group['entries'],
): Promise<(order: number) => number> {
  const orders = records.flatMap((record) => [
    entries.get(record.id)?.order ?? Number.POSITIVE_INFINITY,
    ...localFields(record).map(([, { written }]) => written.order),
  ]);
  const [first, last] = orders
    .filter(Number.isFinite)
    .reduce(([least, most], order) => [Math.min(least, order), Math.max(most, order)] as const, [
      Number.POSITIVE_INFINITY,
      0,
    ] as readonly [number, number]);
  const state = await stored.state();
  const later = (order: number) => order - first + state.nextOrder;
  stored.putState({ ...state, nextOrder: later(last) + 1 });
  return later;
}

function letGo(stored: Stored, { id, messages }: Group): void {
  for (const message of messages) {
    stored.removeEntity('message', message.id);
    stored.removeOutbox(message.id);
  }
  stored.removeEntity('conversation', id);
  stored.removeOutbox(id);
}

async function takeInDraft(stored: Stored, draft: DraftRecord): Promise<void> {
  const gone = await stored.tombstones([draft.conversation]);
  const conversation = gone.has(draft.conversation) ? 'new' : draft.conversation;
  for (const { text } of textsIn(draft)) {
    const known = (await stored.draft(conversation))?.text ?? '';
    if (`\n\n${known}\n\n`.includes(`\n\n${text}\n\n`)) continue;
    stored.putDraft({ conversation, text: known === '' ? text : `${known}\n\n${text}` });
  }
}
