import type { Exchange } from './exchange.ts';
import type { End, Fault } from './faults.ts';

/** A fault lying in wait for requests (or connections) of one sort. */
export class Trap<Seen, What> {
  readonly what: What;
  /** What it has hit. */
  readonly hits: Seen[] = [];
  private readonly wants: (seen: Seen) => boolean;
  private left: number;
  private readonly waiting: { count: number; resolve: (seen: Seen) => void }[] = [];
  private readonly held = new Set<() => void>();

  constructor(wants: (seen: Seen) => boolean, what: What, times: number) {
    this.wants = wants;
    this.what = what;
    this.left = times;
  }

  /** Resolves when it has hit for the `count`th time, at once if it already has. */
  fired(count = 1): Promise<Seen> {
    const hit = this.hits[count - 1];
    if (hit !== undefined) return Promise.resolve(hit);
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  /** Takes nothing more; what it holds stays held. */
  lift(): void {
    this.left = 0;
  }

  /** Lets what it holds go on. */
  release(): void {
    const held = [...this.held];
    this.held.clear();
    for (const resume of held) resume();
  }

  /** Whether it takes this one; each time counts. */
  takes(seen: Seen): boolean {
    if (this.left <= 0 || !this.wants(seen)) return false;
    this.left -= 1;
    return true;
  }

  hit(seen: Seen): void {
    this.hits.push(seen);
    for (const wait of this.waiting.filter((one) => one.count === this.hits.length)) wait.resolve(seen);
  }

  holds(resume: () => void): void {
    this.held.add(resume);
  }
}

export type Rule = Trap<Exchange, Fault>;
export type ConnectionRule = Trap<{ connection: number }, End>;
