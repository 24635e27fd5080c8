import { signal } from '@preact/signals';
import { newId } from '../../contract/ids.ts';
import { limits } from '../../contract/limits.ts';
import { type AskError, ask } from '../commands.ts';
import { readFrom } from '../read/open-database.ts';
import { readNewestMessage } from '../read/read-messages.ts';
import { navigate, route } from '../route.ts';
import { callOff, type Draft, takeOut } from './drafts.ts';

/** Something typed, and where it belongs: null for a conversation that is still to come. */
interface Sending {
  draft: Draft;
  conversation: string | null;
}

/** A message is being stored. */
export const storing = signal(false);

/** The last message given to the worker: whoever wrote it wants to see it. */
export const lastWritten = signal<string | null>(null);

/** Why the last message was not stored; its text is still in the composer. */
export const notStored = signal<AskError | null>(null);

let line: Sending[] = [];

/**
 * Has what stands in the draft now stored as a message of a conversation, or of a new one; its text leaves the composer
 * only then. What is asked for meanwhile waits in line as a message of its own.
 */
export async function sendMessage(draft: Draft, conversation: string | null): Promise<void> {
  press(draft, storing.value);
  line.push({ draft, conversation });
  if (storing.value) return;
  storing.value = true;
  try {
    for (let next = line.shift(); next; next = line.shift()) {
      const failed = await storePressed(next);
      // What follows in the same composer waits for another try with it.
      line = line.filter(({ draft: waiting }) => waiting !== failed);
    }
  } finally {
    storing.value = false;
  }
}

/** Notes what was typed since sending was last asked for; after a failure an edited text is one message again. */
function press(draft: Draft, underWay: boolean): void {
  const text = draft.text.value;
  const goesOn = text.startsWith(draft.atPress);
  const typed = goesOn ? text.slice(draft.atPress.length) : text;
  if (typed.trim().length > limits.textCharacters) return;
  const earlier = goesOn || underWay ? draft.pressed : [];
  draft.pressed = typed.trim() === '' ? earlier : [...earlier, typed];
  draft.atPress = text;
}

/** Stores one after the other; the draft whose text could not be stored, or null when all were. */
async function storePressed(sending: Sending): Promise<Draft | null> {
  let at = sending;
  while (at.draft.pressed[0] !== undefined) {
    const next = await storeFirst(at, at.draft.pressed[0]);
    if (next === null) return at.draft;
    at = next;
  }
  return null;
}

/** Where to go on; null if it was not stored. */
async function storeFirst({ draft, conversation }: Sending, typed: string): Promise<Sending | null> {
  notStored.value = null;
  callOff(draft);
  const id = newId(Date.now(), crypto);
  const into = conversation ?? newId(Date.now(), crypto);
  // Where it was typed, whatever account is in use by the time it is stored.
  const { database } = draft;
  const newest =
    conversation === null || database === undefined
      ? null
      : await readFrom(database, (open) => readNewestMessage(open, conversation));
  lastWritten.value = id;
  const answer = await ask(
    { do: 'write-message', id, conversation: into, parent: newest ?? null, text: typed.trim() },
    { database },
  );
  if (!answer.ok) {
    notStored.value = answer.error;
    return null;
  }
  const next = takeOut(draft, typed, into);
  const shown = route.value.page;
  if (conversation === null && (shown === 'new' || shown === 'list')) {
    navigate({ page: 'conversation', id: into }, shown === 'new' ? 'replace' : 'step');
  }
  return { draft: next, conversation: into };
}
