import type { ConversationRecord, MessageRecord } from '../../contract/database.ts';
import type { Row } from '../../contract/entities.ts';
import type { Stored } from './ports.ts';

/** Messages of this conversation at or below this pos are on the server only, but for those held here; 0 if there are none. */
export async function awayUpTo(stored: Stored, { id, floor = 0, leavable = 0 }: ConversationRecord): Promise<number> {
  return leavable > floor && !(await stored.holdsUpTo(id, leavable)) ? leavable : floor;
}

/** Of messages that came, those that do not belong to what is away. */
export async function notAway(
  stored: Stored,
  homes: ReadonlyMap<string, ConversationRecord>,
  messages: readonly Row<'message'>[],
  known: ReadonlyMap<string, MessageRecord>,
): Promise<Row<'message'>[]> {
  const limits = new Map<string, number>();
  for (const { id, conversation, pos } of messages) {
    const home = homes.get(conversation);
    if (home === undefined || known.has(id) || limits.has(conversation)) continue;
    if (pos <= Math.max(home.floor ?? 0, home.leavable ?? 0)) limits.set(conversation, await awayUpTo(stored, home));
  }
  return messages.filter(({ id, conversation, pos }) => known.has(id) || pos > (limits.get(conversation) ?? 0));
}

/**
 * Keeps messages of conversations that nobody touched since `before` from coming in, as if they had come and left. Changes
 * the records of those conversations.
 */
export function keepColdAway(
  homes: ReadonlyMap<string, ConversationRecord>,
  messages: readonly Row<'message'>[],
  known: ReadonlyMap<string, MessageRecord>,
  before: number,
): void {
  for (const { id, conversation, pos } of messages) {
    const home = homes.get(conversation);
    if (!home?.base || home.base.at >= before || known.has(id)) continue;
    if (pos <= (home.floor ?? 0)) continue;
    home.floor = pos;
    home.newest = id;
  }
}
