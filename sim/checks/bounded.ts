import type { Browser } from '../browser.ts';

const windowMs = 10_000;
/** Syncs in a window that nothing asked for, and for each thing that happened. */
const syncsMost = 6;
const syncsEach = 2;

/** 8: work is bounded by what happens. Counts the syncs of one browser and what may have asked for them. */
export class Bounded {
  private readonly browser: Browser;
  private syncs: number[] = [];
  private events: number[] = [];

  constructor(browser: Browser) {
    this.browser = browser;
  }

  /** Something happened that may lead to syncs. */
  event(): void {
    this.events.push(this.browser.world.turns.now);
  }

  sync(): void {
    const { turns, breaks } = this.browser.world;
    const since = turns.now - windowMs;
    this.syncs = [...this.syncs.filter((at) => at > since), turns.now];
    // What is gathered is served a while later.
    this.events = this.events.filter((at) => at > since - windowMs);
    const most = syncsMost + syncsEach * this.events.length;
    if (this.syncs.length <= most) return;
    breaks('8 work is bounded', `${this.browser.name} synced ${this.syncs.length} times within ${windowMs} ms`);
  }
}
