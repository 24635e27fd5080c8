import type { Kind } from '../contract/entities.ts';
import { seenFields } from '../contract/overlay.ts';
import type { AnyRecord, Stored } from '../sw/engine/ports.ts';
import type { Writing } from '../sw/engine/written-fields.ts';
import type { AccountDisk } from './account-disk.ts';
import type { Change } from './changes.ts';
import type { Ledger } from './ledger.ts';

/** What a page asks its worker to write, again and again until it is told that it is kept. */
export interface Command extends Change {
  /** The page's own name for it, the same when repeated. */
  name: string;
  /** The database that the page shows. */
  database: string | undefined;
}

/** Writes, and returns how to note it once it is on the disk. */
export async function writeDown(
  stored: Stored,
  command: Command,
  writing: Writing,
  user: string | null,
  disk: AccountDisk,
): Promise<(ledger: Ledger) => void> {
  const before = await seen(stored, command);
  await command.write(stored, writing);
  const after = await seen(stored, { ...command, about: [...before.values()] });
  return (ledger) => {
    for (const [id, { kind, record }] of before) {
      const now = after.get(id)?.record;
      if (command.givesUp) ledger.gaveUp(new Set([id]));
      if (record !== undefined && now === undefined) {
        ledger.purged({ kind, id, command: command.name, places: new Set([disk]) });
      }
      if (now === undefined) continue;
      if (record === undefined) ledger.own(id, user);
      if (now.kind === 'message') ledger.homes.set(id, now.conversation);
      if (record === undefined && kind === 'message' && writing.origin === 'live') ledger.live.add(id);
      const was: Record<string, unknown> = record === undefined ? {} : seenFields(record);
      for (const [field, value] of Object.entries(seenFields(now))) {
        if (!(field in now.local) || was[field] === value) continue;
        ledger.wrote({ kind, id, field, value, saw: was[field], command: command.name, places: new Set([disk]) });
      }
    }
  };
}

/** The entities as they are, a conversation that may go with all its messages. */
async function seen(stored: Stored, { about }: Pick<Command, 'about'>) {
  const found = new Map<string, { kind: Kind; id: string; record: AnyRecord | undefined }>();
  for (const { kind, id } of about) {
    const record: AnyRecord | undefined = await stored.entity(kind, id);
    found.set(id, { kind, id, record });
    if (kind !== 'conversation') continue;
    for (const message of await stored.messagesOf(id)) {
      if (!found.has(message.id)) found.set(message.id, { kind: 'message', id: message.id, record: message });
    }
  }
  return found;
}
