import type { Browser } from './browser.ts';

/** After a sync event that failed: then the tag is dropped. */
const retriesMs = [5 * 60_000, 15 * 60_000];

/** The browser's one-shot Background Sync: an event at once if there is a network, a few more if that failed. */
export class SyncTag {
  private readonly browser: Browser;
  private tag: { tries: number } | null = null;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  register(): void {
    if (!this.browser.wakes) return;
    this.tag = { tries: 0 };
    this.offer(3);
  }

  forget(): void {
    this.tag = null;
  }

  /** The event comes after so many milliseconds, if there is a network then. */
  offer(ms: number): void {
    const mine = this.tag;
    if (mine === null) return;
    const { turns, draws } = this.browser.world;
    turns.after(ms + draws.below(20), () => {
      if (this.tag === mine && this.browser.network.up) this.wake(mine);
    });
  }

  private wake(mine: { tries: number }): void {
    const worker = this.browser.worker();
    const retry = retriesMs[mine.tries++];
    const over = (tryAgain: boolean) => {
      if (this.tag !== mine) return;
      if (!tryAgain || retry === undefined) this.tag = null;
      else this.offer(retry);
    };
    // A worker that dies meanwhile counts as one that failed.
    const died = worker.life.atEnd(() => over(true));
    worker.event(async () => {
      try {
        over((await worker.backgroundSync()).tryAgain);
      } catch (error) {
        over(true);
        throw error;
      } finally {
        died();
      }
    });
  }
}
