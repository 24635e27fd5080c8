import { type Signal, signal } from '@preact/signals';
import { onChange } from '../changes.ts';
import { ask } from '../commands.ts';
import { readFrom } from '../read/open-database.ts';
import { readDraft } from '../read/read-draft.ts';
import { standing } from '../standing.ts';

/**
 * Text typed and not sent, per conversation of the account in use; the worker keeps it.
 *
 *   typed → (300 ms after the last key, or the page is hidden) → asked to keep → kept
 *      ↑_______________________ typed meanwhile __________________________|
 */
export interface Draft {
  conversation: string;
  /** The database it is kept in. */
  database: string | undefined;
  text: Signal<string>;
  /** What the device is known to keep; null until it was read. */
  kept: Signal<string | null>;
  /** Resolves when what the device keeps has been read. */
  loaded: Promise<void>;
  /** Parts of the text for each of which sending was asked, oldest first, and not stored yet. */
  pressed: string[];
  /** The whole text as it stood when sending was last asked. */
  atPress: string;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** The asking under way, to call off when the text is sent instead. */
  asking: AbortController | null;
}

const pauseMs = 300;
const drafts = new Map<string, Draft>();
let database: string | undefined;

/** The draft of a conversation, `new` for the one that is still to come; read from the device at first. */
export function draftOf(conversation: string): Draft {
  const name = standing.peek()?.database;
  if (name !== database) changeDatabase(name);
  const known = drafts.get(conversation);
  if (known) return known;
  const draft: Draft = {
    conversation,
    database,
    text: signal(''),
    kept: signal(null),
    loaded: Promise.resolve(),
    pressed: [],
    atPress: '',
    timer: undefined,
    asking: null,
  };
  drafts.set(conversation, draft);
  draft.loaded = load(draft);
  return draft;
}

function changeDatabase(name: string | undefined): void {
  const before = database;
  database = name;
  if (before === undefined) {
    // What was typed before the worker first answered is in the right place.
    for (const draft of drafts.values()) {
      draft.database = name;
      draft.loaded = load(draft);
    }
    return;
  }
  // Another account: nothing of the last one's may show; it is kept where it belongs.
  for (const draft of drafts.values()) void keep(draft);
  drafts.clear();
}

async function load(draft: Draft): Promise<void> {
  if (draft.database === undefined) return;
  const stored = await readFrom(draft.database, (open) => readDraft(open, draft.conversation));
  if (stored === undefined || draft.kept.value !== null) return;
  draft.kept.value = stored;
  // What is typed already stands, after what was kept: neither may be lost.
  const typed = draft.text.value;
  draft.text.value = typed.startsWith(stored) ? typed : [stored, typed].filter((text) => text !== '').join('\n');
  if (typed !== '') await keep(draft);
}

/** What another tab has sent does not stay in this one's composer: a draft not touched since it was kept is read again. */
export function followDrafts(): () => void {
  return onChange((change) => {
    for (const draft of drafts.values()) {
      const isMeant = change.conversations.includes(draft.conversation);
      const isNew = draft.conversation === 'new' && change.conversations.length > 0;
      if (change.all || isMeant || isNew) void readAgain(draft);
    }
  });
}

async function readAgain(draft: Draft): Promise<void> {
  const before = draft.text.value;
  const isUntouched = () => draft.kept.value === before && draft.text.value === before && draft.asking === null;
  if (draft.database === undefined || draft.database !== standing.peek()?.database || !isUntouched()) return;
  const stored = await readFrom(draft.database, (open) => readDraft(open, draft.conversation));
  if (stored === undefined || !isUntouched()) return;
  draft.kept.value = stored;
  draft.text.value = stored;
}

/** Takes what is in the composer now, and has it kept soon. */
export function typeText(draft: Draft, text: string): void {
  draft.text.value = text;
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => keep(draft), pauseMs);
}

async function keep(draft: Draft): Promise<void> {
  clearTimeout(draft.timer);
  if (draft.asking || draft.database === undefined) return;
  while (draft.text.value !== (draft.kept.value ?? '')) {
    const text = draft.text.value;
    const asking = new AbortController();
    draft.asking = asking;
    const answer = await ask(
      { do: 'keep-draft', conversation: draft.conversation, text },
      { abandon: asking.signal, database: draft.database },
    );
    if (draft.asking === asking) draft.asking = null;
    if (!answer.ok) return;
    draft.kept.value = text;
  }
}

/** Has every draft kept at once. */
export async function keepAllDrafts(): Promise<void> {
  await Promise.all([...drafts.values()].map(keep));
}

/** Stops keeping a draft that is being sent: the worker clears it together with storing the message. */
export function callOff(draft: Draft): void {
  clearTimeout(draft.timer);
  draft.asking?.abort();
}

/**
 * Takes out of the composer what was stored as a message; what stands besides it stays, in the conversation's draft, which
 * is returned.
 */
export function takeOut(draft: Draft, sent: string, conversation: string): Draft {
  const rest = without(sent, draft.text.value);
  const pressed = draft.pressed[0] === sent ? draft.pressed.slice(1) : draft.pressed;
  const atPress = without(sent, draft.atPress);
  forgetPressed(draft);
  draft.text.value = '';
  draft.kept.value = '';
  const inUse = draft.database === database;
  const next = inUse && rest.trim() + pressed.join('') !== '' ? draftOf(conversation) : draft;
  next.pressed = pressed;
  next.atPress = atPress;
  if (rest.trim() !== '')
    typeText(next, next === draft || next.text.value === '' ? rest : `${next.text.value}\n${rest}`);
  return next;
}

/** Nothing of this draft is asked to be sent any more. */
export function forgetPressed(draft: Draft): void {
  draft.pressed = [];
  draft.atPress = '';
}

/** What was typed after `sent`, or what an older draft put before it. */
function without(sent: string, text: string): string {
  if (text.startsWith(sent)) return text.slice(sent.length);
  return text.endsWith(sent) ? text.slice(0, -sent.length) : text;
}

/** Has drafts kept when the page is hidden or left. */
export function keepDraftsOnHide(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void keepAllDrafts();
  });
  addEventListener('pagehide', () => void keepAllDrafts());
}
