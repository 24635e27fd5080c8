import type { Readers } from './read-in-turns.ts';

/** Runs in the page: the texts of a conversation as the app's own reader gives them, oldest first. */
export async function readTexts({
  database,
  conversation,
}: {
  database: string;
  conversation: string;
}): Promise<string[]> {
  const { readers } = window as unknown as { readers: Readers };
  const { messages } = await readers.readMessages(await readers.openDB(database), conversation, 1_000_000);
  return messages.map(({ text }) => text);
}
