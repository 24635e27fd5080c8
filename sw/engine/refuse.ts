import type { Stored } from './ports.ts';

/** Sets an entry aside under "Needs attention": it is not sent again until its writer says so. */
export async function refuse(stored: Stored, id: string, code: string): Promise<void> {
  const entry = (await stored.outboxEntries([id])).get(id);
  if (entry !== undefined) stored.putOutbox({ ...entry, state: 'refused', refusal: code });
}
