import type { MessageRecord, PagedMessage } from './database.ts';
import type { Row } from './entities.ts';

/** A message that has nothing of its own over what the server said. */
export type Settled = MessageRecord & { base: Row<'message'> };

/** Whether pages can hold it. */
export function isSettled(record: MessageRecord): record is Settled {
  return record.base !== null && Object.keys(record.local).length === 0;
}

/** The message as a page holds it. */
export function paged({ base, savedAt, sentAt }: Settled): PagedMessage {
  if (savedAt === undefined && sentAt === undefined) return base;
  return { ...base, ...whenWritten({ savedAt, sentAt }) };
}

/** The message of a page as everything else knows it. */
export function recordOf({ savedAt, sentAt, ...base }: PagedMessage): MessageRecord {
  const { id, conversation, role, parent, attempt, pos } = base;
  const made = { conversation, role, parent, attempt };
  return { kind: 'message', id, made, base, local: {}, conversation, rank: pos, ...whenWritten({ savedAt, sentAt }) };
}

function whenWritten({ savedAt, sentAt }: { savedAt: number | undefined; sentAt: number | undefined }) {
  return { ...(savedAt === undefined ? {} : { savedAt }), ...(sentAt === undefined ? {} : { sentAt }) };
}
