import type { Clock } from '../../contract/clock.ts';
import type { Made } from '../../contract/entities.ts';
import { newId, type RandomBytes } from '../../contract/ids.ts';
import { limits } from '../../contract/limits.ts';
import type { Op, Origin } from '../../contract/wire.ts';
import type { Step } from './model-steps.ts';

/** Everything that was ever made in a history, by any device, known to the others or not. */
export interface Things {
  conversations: string[];
  messages: { id: string; made: Made<'message'> }[];
  newId: (month: number) => string;
}

const start = Date.UTC(2024, 0, 1);
const monthMs = 30 * 86_400_000;
const rarely = 35;

export function nothingYet(): Things {
  let made = 0;
  const random: RandomBytes = {
    getRandomValues: (bytes) =>
      bytes.map((_, i) => (i < 12 ? (made * 97 + i * 31) % 256 : (made >> (8 * (15 - i))) % 256)),
  };
  const newThingId = (month: number) => {
    made++;
    // Devices with a wild clock make ids of every month there is.
    return newId(month < 0 ? 0 : month > 38 ? 2 ** 48 - 1 : start + month * monthMs, random);
  };
  return { conversations: [], messages: [], newId: newThingId };
}

/** The op that somebody's writing is; null where there is nothing to write to yet. Mostly it is about what he `knows`. */
export function opOf(
  things: Things,
  { what, pick, text, month }: Extract<Step, { do: 'write' }>,
  at: Clock,
  knows: (id: string) => boolean = () => true,
): Op | null {
  const conversation = fromEnd(pick > rarely ? things.conversations : things.conversations.filter(knows), pick);
  const message = fromEnd(pick > rarely ? things.messages : things.messages.filter(({ id }) => knows(id)), pick);
  const live = { origin: 'live' as Origin };
  const ofConversation = (id: string, set: object) => ({ kind: 'conversation', id, ...live, made: {}, set }) as Op;
  const newMessage = (to: string, set: object, more: Partial<Made<'message'>> & { origin?: Origin } = {}) => {
    const { origin = 'live', ...facts } = more;
    const parent = message?.made.conversation === to ? message.id : null;
    const made: Made<'message'> = { conversation: to, role: 'user', parent, attempt: 0, ...facts };
    const id = things.newId(month);
    things.messages.push({ id, made });
    return { kind: 'message', id, origin, made, set } as Op;
  };
  const said = { text: [text, at] };

  switch (what) {
    case 'conversation': {
      const id = things.newId(month);
      things.conversations.push(id);
      const [title, trashed] = [
        [text, at],
        [pick % 3 === 0, at],
      ];
      return ofConversation(id, pick % 4 === 3 ? { title } : { title, trashed });
    }
    case 'op of no kind':
      return { ...ofConversation(things.newId(month), {}), kind: 'note' } as never;
    case 'purge of what nobody heard of':
      return { kind: pick % 2 === 0 ? 'message' : 'conversation', id: things.newId(month), ...live, purge: true };
    case 'message to nowhere':
      return newMessage(things.newId(month), said);
  }
  if (conversation === undefined) return null;
  switch (what) {
    case 'message':
      return newMessage(conversation, said);
    case 'reply':
      return newMessage(conversation, said, { role: 'assistant', attempt: pick % 3 });
    case 'imported message':
      return newMessage(conversation, said, { origin: pick % 2 === 0 ? 'import' : 'backfill' });
    case 'text that is too long':
      return newMessage(conversation, { text: ['🦉'.repeat(limits.textCharacters / 2) + text, at] });
    case 'message without text':
      return newMessage(conversation, {});
    case 'title':
      return ofConversation(conversation, { title: [text, at] });
    case 'title that is none':
      return ofConversation(conversation, { title: [7, at] });
    case 'trash':
      return ofConversation(conversation, { trashed: [true, at] });
    case 'untrash':
      return ofConversation(conversation, { trashed: [false, at] });
    case 'purge of a conversation':
      return { kind: 'conversation', id: conversation, ...live, purge: true };
  }
  if (message === undefined) return null;
  switch (what) {
    case 'text':
      return { kind: 'message', id: message.id, ...live, made: message.made, set: { text: [text, at] } };
    case 'purge of a message':
      return { kind: 'message', id: message.id, ...live, purge: true };
    case 'conversation with the id of a message':
      return ofConversation(message.id, { title: [text, at] });
  }
}

function fromEnd<Thing>(things: Thing[], pick: number): Thing | undefined {
  return things.length === 0 ? undefined : things[things.length - 1 - (pick % things.length)];
}
