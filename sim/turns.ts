import type { Draws } from './draws.ts';
import type { Life } from './life.ts';

/** Something that happens at a time of its own, unless it is called off. */
export interface Timer {
  at: number;
  order: number;
  run: (() => void) | null;
}

/**
 * Who goes next. Everything that waits waits here, and one thing happens at a time, drawn from the seed; then all that follows
 * from it runs until everything waits again. Time passes only where nothing is ready.
 */
export class Turns {
  /** Server time, which is the true one. */
  now = 1_800_000_000_000;
  /** How many things have happened. */
  taken = 0;
  /** Called after each thing that happened and all that follows from it. */
  afterEach: () => void = () => undefined;
  private readonly draws: Draws;
  private readonly ready: (() => void)[] = [];
  private timers: Timer[] = [];
  private made = 0;
  /** Nothing happens any more. */
  stopped = false;

  constructor(draws: Draws) {
    this.draws = draws;
  }

  /** It is ready to happen. */
  whenever(run: () => void): void {
    this.ready.push(run);
  }

  /** It happens after this many milliseconds. */
  after(ms: number, run: () => void): Timer {
    const timer = { at: this.now + Math.max(0, ms), order: this.made++, run };
    let place = this.timers.length;
    while (place > 0 && isLater(timer, this.timers[place - 1] as Timer)) place--;
    this.timers.splice(place, 0, timer);
    return timer;
  }

  /** So much time passes while everybody sleeps. */
  skip(ms: number): void {
    this.now += ms;
  }

  /** As after, for who must live to see it; returns how to call it off. */
  afterIn(life: Life, ms: number, run: () => void): () => void {
    const timer = this.after(ms, () => {
      if (life.passes()) run();
    });
    return () => {
      timer.run = null;
    };
  }

  /** Lets things happen until that time has come and nothing that is ready is left. */
  async until(time: number): Promise<void> {
    while (await this.next(time));
    this.now = Math.max(this.now, time);
  }

  /** Lets this many things happen, if so many are ready. */
  async some(count: number): Promise<void> {
    for (let i = 0; i < count; i++) if (!(await this.next(this.now))) return;
  }

  /** False if nothing happens up to that time. */
  private async next(most: number): Promise<boolean> {
    await settled();
    this.afterEach();
    if (this.stopped) return false;
    const timer = this.nextTimer();
    const due = timer !== undefined && timer.at <= this.now ? 1 : 0;
    const candidates = this.ready.length + due;
    if (candidates > 0) {
      const chosen = this.draws.below(candidates);
      if (chosen === this.ready.length) this.runTimer();
      else this.runReady(chosen);
    } else {
      if (timer === undefined || timer.at > most) return false;
      this.now = timer.at;
      this.runTimer();
    }
    this.taken += 1;
    return true;
  }

  private nextTimer(): Timer | undefined {
    while (this.timers.at(-1)?.run === null) this.timers.pop();
    return this.timers.at(-1);
  }

  private runTimer(): void {
    const run = this.timers.pop()?.run;
    run?.();
  }

  private runReady(chosen: number): void {
    const run = this.ready[chosen];
    const last = this.ready.pop();
    if (chosen < this.ready.length && last !== undefined) this.ready[chosen] = last;
    this.now += this.draws.below(2);
    run?.();
  }
}

function isLater(a: Timer, b: Timer): boolean {
  return a.at > b.at || (a.at === b.at && a.order > b.order);
}

/** Everything that follows by itself has happened: promises that can resolve have. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
