import type { AccountRecord, OutboxEntry, SyncState } from '../contract/database.ts';
import type { AccountDisk } from './account-disk.ts';
import type { Browser } from './browser.ts';
import type { World } from './world.ts';

const minute = 60_000;
/** Longer than any pause that a server asks for, and than every wait between tries. */
const longestMs = 4 * 60 * minute;

/**
 * Everything works again, and every browser gets the wake-ups that browsers give; people only sign in again where they are
 * asked to. Breaks invariant 10 where something does not come to rest by that.
 */
export async function comeToRest(world: World): Promise<void> {
  const { server, turns, browsers } = world;
  server.outage = null;
  world.lines.mend();
  for (const account of server.accounts.values()) account.cloud = true;
  for (const browser of browsers) heal(browser);
  // Pages that still ask for something are answered, or give up.
  await turns.until(turns.now + 20_000);
  for (let round = 1; round <= roundsMost && world.broken === null; round++) {
    for (const browser of browsers) {
      for (const user of usersOf(browser).filter((one) => !server.account(one).deleted))
        await restAs(world, browser, user, round);
    }
    // The first ones have not seen what the last ones sent.
    if (browsers.every((browser) => allAtRest(world, browser))) return;
  }
  world.breaks('10 converges by itself', 'each makes another restless');
}

const roundsMost = 6;

function heal(browser: Browser): void {
  browser.lockBroken = false;
  browser.network.coming.length = 0;
  for (const disk of [...browser.allDisks(), browser.registry]) disk.lost = false;
  browser.fuse.fullAt = Number.POSITIVE_INFINITY;
  browser.fuse.killAt = Number.POSITIVE_INFINITY;
  browser.setNetwork(true, true);
}

function usersOf(browser: Browser): string[] {
  return [...new Set(browser.accounts().flatMap(({ user }) => (user === null ? [] : [user.id])))];
}

async function restAs(world: World, browser: Browser, user: string, round: number): Promise<void> {
  const { turns } = world;
  const ends = turns.now + longestMs;
  browser.show(true, true);
  await turns.until(turns.now + 1_000);
  while (turns.now < ends && world.broken === null) {
    if (browser.current()?.user?.id !== user || !browser.signedIn()) {
      const worker = browser.worker();
      worker.event(() => worker.signIn(user));
    }
    for (let looks = 0; looks < 12 && !atRest(world, browser, user); looks++)
      await turns.until(turns.now + minute / 12);
    if (!atRest(world, browser, user)) await comeBackLater(world, browser);
    if (atRest(world, browser, user)) return;
  }
  world.breaks('10 converges by itself', `${browser.name} as ${user}, round ${round}: ${whyNot(world, browser)}`);
}

/** The page is closed for long enough that the worker ends, and opened again. */
async function comeBackLater({ turns }: World, browser: Browser): Promise<void> {
  browser.show(false, false);
  await turns.until(turns.now + 2 * minute);
  browser.show(true, true);
  await turns.until(turns.now + minute);
}

function atRest(world: World, browser: Browser, user: string): boolean {
  const account = browser.current();
  const moving = browser.accounts().some(({ into }) => into !== undefined);
  return account?.user?.id === user && !moving && isAtRest(world, browser, account);
}

function allAtRest(world: World, browser: Browser): boolean {
  return browser.accounts().every((account) => isAtRest(world, browser, account));
}

function isAtRest(world: World, browser: Browser, { database, user, into }: AccountRecord): boolean {
  if (into !== undefined) return false;
  if (user === null || world.server.account(user.id).deleted) return true;
  const disk = browser.disk(database);
  const state = stateOn(disk);
  const { account: kept, epochs } = world.server.account(user.id);
  const here = state?.cursor?.seq === kept.head && state.cursor.floor === null && state.epoch === epochs.at(-1)?.epoch;
  return here && state.problem === null && waits(disk).length === 0;
}

function stateOn({ contents }: AccountDisk): SyncState | undefined {
  return contents.database.recordsOf('state')[0];
}

/** Entries that nothing holds back. */
function waits({ contents: { database } }: AccountDisk): OutboxEntry[] {
  const entries = database.recordsOf('outbox');
  const refused = new Set(entries.filter(({ state }) => state === 'refused').map(({ id }) => id));
  const homes = new Map(database.recordsOf('messages').map(({ id, conversation }) => [id, conversation]));
  return entries.filter(({ id, state }) => state !== 'refused' && !refused.has(homes.get(id) ?? ''));
}

function whyNot(world: World, browser: Browser): string {
  const account = browser.current();
  if (account === undefined) return 'no account is in use';
  const disk = browser.disk(account.database);
  const head = account.user && world.server.account(account.user.id).account.head;
  const { cursor, epoch, problem, nextDue } = stateOn(disk) ?? {};
  return JSON.stringify({ head, cursor, epoch, problem, nextDue, waits: waits(disk), accounts: browser.accounts() });
}
