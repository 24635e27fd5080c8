import type { Browser } from './browser.ts';
import { type Happening, users } from './history.ts';
import { decides, drafts, purges, readsOlder, renames, says, saysAnew, trashes } from './people.ts';
import { refused } from './server.ts';
import type { World } from './world.ts';

type Named<Name extends Happening['do']> = Extract<Happening, { do: Name }>;
type InWorld = Exclude<Happening, { on: number }>['do'];
type InBrowser = Extract<Happening, { on: number }>['do'];

const userAt = (place: number) => users[place % users.length] ?? users[0];
const codes = { 403: 'tier', 426: 'too-old', 429: 'throttled', 500: '', 503: 'busy' } as const;

const inWorld: { [Name in InWorld]: (world: World, step: Named<Name>) => void } = {
  outage({ server }, { status }) {
    server.outage = refused(status, codes[status], status === 429 || status === 503 ? 20 : undefined);
  },
  'outage ends': ({ server }) => {
    server.outage = null;
  },
  backup: ({ server }) => server.keepBackup(),
  restore({ server, ledger }) {
    const at = server.restoreBackup();
    if (at !== null) ledger.restored(at);
  },
  'realtime breaks': ({ lines }) => lines.breakDown(),
  'realtime is deaf': ({ lines }) => {
    lines.deaf = true;
  },
  'realtime mends': ({ lines }) => lines.mend(),
  'time passes': ({ turns, browsers }, { ms }) => {
    for (const browser of browsers) sleeps(browser);
    turns.skip(ms);
  },
  'server restarts': ({ browsers }) => {
    for (const { network } of browsers) network.cut();
  },
  'strange row': ({ server }, { user }) => {
    server.strange.add(userAt(user));
  },
  tier({ server }, { user, cloud }) {
    server.account(userAt(user)).cloud = cloud;
  },
  revoke: ({ server }, { user }) => server.revoke(userAt(user)),
  'delete account': ({ server }, { user }) => server.deleteAccount(userAt(user)),
};

const inBrowser: { [Name in InBrowser]: (browser: Browser, step: Named<Name>) => void } = {
  write: (browser, { pick, kind }) => says(browser, pick, kind),
  'write new': (browser) => saysAnew(browser),
  rename: (browser, { pick }) => renames(browser, pick),
  trash: (browser, { pick }) => trashes(browser, pick, true),
  'restore from trash': (browser, { pick }) => trashes(browser, pick, false),
  purge: (browser, { pick }) => purges(browser, pick),
  draft: (browser, { pick }) => drafts(browser, pick),
  retry: (browser, { pick }) => decides(browser, pick, 'retry'),
  discard: (browser, { pick }) => decides(browser, pick, 'discard'),
  'read older': (browser, { pick }) => readsOlder(browser, pick),
  'sync now': (browser) => browser.event((worker) => worker.sync.trigger('sync-now')),
  'sign in': (browser, { user }) => browser.event((worker) => worker.signIn(userAt(user))),
  'sign out': (browser, { send }) => browser.event((worker) => worker.signOut(send)),
  show: (browser) => browser.show(true, true),
  hide(browser) {
    if (browser.page.open) browser.show(true, false);
  },
  close: (browser) => browser.show(false, false),
  sleep: (browser) => sleeps(browser),
  fate({ network }, { fate }) {
    network.coming.push(fate);
  },
  'network gone': (browser, { noticed }) => browser.setNetwork(false, noticed),
  'network back': (browser) => browser.setNetwork(true, true),
  kill({ fuse }, { after }) {
    fuse.killAt = fuse.points + 1 + after;
  },
  'second worker': (browser) => browser.update(),
  'break lock': (browser) => {
    browser.lockBroken = true;
  },
  'mend lock': (browser) => {
    browser.lockBroken = false;
  },
  'disk full': ({ fuse }, { after }) => {
    fuse.fullAt = fuse.writes + 1 + after;
  },
  'disk free': ({ fuse }) => {
    fuse.fullAt = Number.POSITIVE_INFINITY;
  },
  'connection lost': (browser, { pick }) => {
    const disks = [...browser.allDisks(), browser.registry];
    const disk = disks[pick % disks.length];
    if (disk !== undefined) disk.lost = true;
  },
  evict: (browser) => browser.evict(),
  'save profile': (browser) => browser.saveProfile(),
  'roll back profile': (browser) => browser.rollBack(),
  'copy profile': (browser, { from }) => {
    const other = browser.world.browsers[from % browser.world.browsers.length];
    if (other !== undefined) browser.copyOf(other);
  },
  'clock jumps': (browser, { by }) => {
    browser.skew += by;
  },
};

function sleeps(browser: Browser): void {
  browser.show(false, false);
  browser.killWorkers();
}

/** After these, messages may rightly stand in another order than they were written in. */
const shuffling = new Set<Happening['do']>(['restore', 'retry', 'copy profile', 'roll back profile']);

/** What only somebody in front of a page can do. */
const atThePage = new Set<Happening['do']>([
  ...(['write', 'write new', 'rename', 'trash', 'restore from trash', 'purge', 'draft'] as const),
  ...(['retry', 'discard', 'read older', 'sync now', 'sign in', 'sign out'] as const),
]);

/** Makes one thing of a history happen. */
export function happen(world: World, step: Happening): void {
  if (shuffling.has(step.do)) world.shuffled = true;
  if (!('on' in step)) {
    const does = inWorld[step.do] as (world: World, step: Happening) => void;
    does(world, step);
    return;
  }
  const browser = world.browsers[step.on % world.browsers.length];
  if (browser === undefined) return;
  if (atThePage.has(step.do) && !browser.page.open) browser.show(true, true);
  const does = inBrowser[step.do] as (browser: Browser, step: Happening) => void;
  does(browser, step);
}
