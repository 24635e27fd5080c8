import { type AccountDatabase, readFrom } from '../read/open-database.ts';
import { readConversationList } from '../read/read-conversation-list.ts';
import { readMessages } from '../read/read-messages.ts';
import { readTrash } from '../read/read-trash.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';

/** More than anyone has. */
const everything = 1_000_000;
const keptMs = 60_000;

/** Everything written in the account in use that is on this device, conversation by conversation, as plain text. */
export async function textOf(database: AccountDatabase): Promise<string[]> {
  const { conversations } = await readConversationList(database, everything);
  const trashed = await readTrash(database, everything);
  const parts: string[] = [];
  for (const { id, title } of [...conversations, ...trashed]) {
    const { messages, away } = await readMessages(database, id, everything);
    parts.push(`# ${title || words.untitled}\n\n`);
    if (away) parts.push(`${words.earlierOnServer}\n\n`);
    for (const { from, at, text } of messages) {
      parts.push(`${words[from]}, ${new Date(at).toLocaleString(words.locale)}\n${text}\n\n`);
    }
  }
  return parts;
}

/** Gives a person what is on this device as a file. */
export async function exportText(): Promise<void> {
  const database = standing.value?.database;
  const parts = database && (await readFrom(database, textOf));
  if (!parts) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type: 'text/plain' }));
  link.download = `${words.app}.txt`;
  link.click();
  // Some browsers begin to read it only later.
  setTimeout(() => URL.revokeObjectURL(link.href), keptMs);
}
