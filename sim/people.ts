import { newId } from '../contract/ids.ts';
import { limits } from '../contract/limits.ts';
import type { Browser } from './browser.ts';
import { type Change, discard, draft, newMessage, purgeConversation, rename, retry, trash } from './changes.ts';
import { poisonOp, poisonRow } from './server.ts';

const endings = {
  text: '',
  'too long': 'x'.repeat(limits.textCharacters),
  'poison op': poisonOp,
  'poison row': poisonRow,
};

/** What somebody at this browser says in a new conversation. */
export function saysAnew(browser: Browser): void {
  browser.ask(newMessage(idOf(browser), idOf(browser), null, browser.world.newText()));
}

/** What somebody says in a conversation that the page shows; nothing where it shows none. */
export function says(browser: Browser, pick: number, kind: keyof typeof endings): void {
  changes(browser, pick, (id) => newMessage(idOf(browser), id, null, browser.world.newText() + endings[kind]));
}

export const renames = (browser: Browser, pick: number): void =>
  changes(browser, pick, (id) => rename(id, browser.world.newText()));
export const trashes = (browser: Browser, pick: number, trashed: boolean): void =>
  changes(browser, pick, (id) => trash(id, trashed));
export const purges = (browser: Browser, pick: number): void => changes(browser, pick, purgeConversation);
export const drafts = (browser: Browser, pick: number): void =>
  changes(browser, pick, (id) => draft(id, browser.world.newText()));

/** Sends again, or gives up, what waits or needs attention. */
export function decides(browser: Browser, pick: number, how: 'retry' | 'discard'): void {
  const entry = pickFrom(shown(browser)?.recordsOf('outbox') ?? [], pick);
  if (entry !== undefined) browser.ask((how === 'retry' ? retry : discard)(entry.kind, entry.id));
}

/** Scrolls up in a conversation. */
export function readsOlder(browser: Browser, pick: number): void {
  const conversation = pickFrom(shown(browser)?.recordsOf('conversations') ?? [], pick);
  if (conversation !== undefined) browser.event((worker) => worker.readOlder(conversation.id));
}

function changes(browser: Browser, pick: number, change: (conversation: string) => Change): void {
  const conversation = pickFrom(shown(browser)?.recordsOf('conversations') ?? [], pick);
  if (conversation !== undefined) browser.ask(change(conversation.id));
}

const idOf = (browser: Browser) => newId(browser.now(), browser.world.draws);

/** The database that the page shows. */
function shown(browser: Browser) {
  const { shows } = browser.page;
  return browser.allDisks().find(({ name }) => name === shows)?.contents.database;
}

function pickFrom<T>(list: readonly T[], pick: number): T | undefined {
  return list[list.length - 1 - (pick % Math.max(1, list.length))];
}
