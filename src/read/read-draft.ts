import type { AccountDatabase } from './open-database.ts';

/** The text kept for a conversation and not sent; empty where there is none. */
export async function readDraft(database: AccountDatabase, conversation: string): Promise<string> {
  return (await database.get('drafts', conversation))?.text ?? '';
}
