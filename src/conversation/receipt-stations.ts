import type { ShownMessage } from '../read/read-messages.ts';
import { words } from '../words/words.ts';

/** A stop on a message's way; `at` is null while it has not been reached. */
export interface Station {
  words: string;
  at: number | null;
  note?: string;
}

/** The way of a message: saved, then sent where anything is sent at all. */
export function receiptStations(
  message: Pick<ShownMessage, 'savedAt' | 'sentAt' | 'state'>,
  syncs: boolean,
): Station[] {
  const sent: Station = { words: words.receiptSent, at: message.state === 'sent' ? message.sentAt : null };
  if (message.savedAt === null) return [{ ...sent, note: words.receiptFromElsewhere }];
  const saved: Station = { words: words.receiptSaved, at: message.savedAt };
  return syncs || message.state === 'sent' ? [saved, sent] : [saved];
}
