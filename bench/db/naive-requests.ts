import type { Account } from './atlas-requests.ts';
import { newId } from './atlas-requests.ts';
import type { Clients } from './clients.ts';

/** The functions of the naive design in a schema, as they are prepared. */
export function naiveFunctions(schema: string): Record<string, string> {
  return {
    [`${schema} conversations`]: `${schema}.changed_conversations($1::timestamptz)`,
    [`${schema} messages`]: `${schema}.changed_messages($1::timestamptz)`,
    [`${schema} account`]: `${schema}.changed_account($1::timestamptz)`,
    [`${schema} list`]: `${schema}.all_conversations()`,
    [`${schema} conversation`]: `${schema}.messages_of($1::uuid)`,
    [`${schema} save message`]: `${schema}.save_message($1::json)`,
    [`${schema} save conversation`]: `${schema}.save_conversation($1::json)`,
  };
}

/** Three requests: what changed since a moment. */
export async function naiveDelta(
  clients: Clients,
  client: number,
  schema: string,
  user: string,
  since: string,
): Promise<void> {
  for (const list of ['conversations', 'messages', 'account']) {
    await clients.call(client, `${schema} ${list}`, user, since);
  }
}

/** The list and every conversation of it: 51 requests where there are 50. */
export async function naiveFullSync(clients: Clients, client: number, schema: string, account: Account): Promise<void> {
  await clients.call(client, `${schema} list`, account.id, null);
  for (const conversation of account.conversations) {
    await clients.call(client, `${schema} conversation`, account.id, conversation);
  }
}

/** One request for each message; triggers keep their conversation. */
export async function naiveMessages(
  clients: Clients,
  client: number,
  schema: string,
  account: Account,
  texts: string[],
): Promise<void> {
  const conversation_id = account.conversations[0];
  for (const text of texts) {
    const message = { id: newId(), conversation_id, role: 'user', text, created_at: new Date().toISOString() };
    await clients.call(client, `${schema} save message`, account.id, JSON.stringify(message));
  }
}

/** The same where nothing keeps the conversation: one request more, for it. */
export async function naivePush(
  clients: Clients,
  client: number,
  schema: string,
  account: Account,
  texts: string[],
): Promise<void> {
  await naiveMessages(clients, client, schema, account, texts);
  const conversation = { id: account.conversations[0], added: texts.length, preview: texts.at(-1)?.slice(0, 120) };
  await clients.call(client, `${schema} save conversation`, account.id, JSON.stringify(conversation));
}
