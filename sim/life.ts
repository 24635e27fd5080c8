import type { Fuse } from './fuse.ts';
import type { Turns } from './turns.ts';

/** The life of one worker: what it waits for comes only while it lives. */
export class Life {
  alive = true;
  /** What it waits for. */
  waitingFor = 0;
  private readonly turns: Turns;
  private readonly fuse: Fuse;
  private readonly endings = new Set<() => void>();

  constructor(turns: Turns, fuse: Fuse) {
    this.turns = turns;
    this.fuse = fuse;
  }

  /** Does this when its turn comes; it may be killed just before and just after. */
  turn<T>(work: () => T): Promise<T> {
    return this.pending((resolve, reject) => {
      this.turns.whenever(() => {
        if (!this.passes()) return;
        try {
          const result = work();
          if (this.passes()) resolve(result);
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** A promise that says nothing once the worker is dead. */
  pending<T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    this.waitingFor += 1;
    return new Promise<T>((resolve, reject) => {
      const ended =
        <V>(end: (value: V) => void) =>
        (value: V) => {
          this.waitingFor -= 1;
          if (this.alive) end(value);
        };
      begin(ended(resolve), ended(reject));
    });
  }

  /** Counts a point at which it may be killed; false if it is dead. */
  passes(): boolean {
    if (!this.alive) return false;
    if (this.fuse.burns()) this.kill();
    return this.alive;
  }

  /** Does this when it dies. Returns how to call that off. */
  atEnd(ending: () => void): () => void {
    this.endings.add(ending);
    return () => this.endings.delete(ending);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const ending of this.endings) ending();
    this.endings.clear();
  }
}
