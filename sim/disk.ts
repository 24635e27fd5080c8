import type { Fuse } from './fuse.ts';
import type { Life } from './life.ts';
import { OneAfterAnother } from './one-after-another.ts';

/** A full disk, or a connection that the browser took away. */
export class StorageFailure extends Error {}

/** What every read and every write of a transaction passes. */
export interface Guard {
  /** Never resolves for who is dead; rejects where a write before has failed. */
  reads(): Promise<void>;
  writes(): void;
}

/** What a database holds. Its transactions come one after another. */
export interface Contents<Open> {
  begin(guard: Guard): { open: Open; abort(): void };
  copy(): Contents<Open>;
}

/** A database on a disk: each transaction is kept wholly or not at all. */
export class Disk<Open, Kept extends Contents<Open> = Contents<Open>> {
  readonly name: string;
  readonly contents: Kept;
  commits = 0;
  /** Called after every transaction that changed something. */
  afterCommit: () => void = () => undefined;
  /** The next transaction finds its connection gone. */
  lost = false;
  /** How many have work under way: they may wait for nothing but their own reads. */
  working = 0;
  private readonly fuse: Fuse;
  private readonly turn = new OneAfterAnother();

  constructor(name: string, contents: Kept, fuse: Fuse) {
    this.name = name;
    this.fuse = fuse;
    this.contents = contents;
  }

  /** Runs `work` in one transaction of this worker; `kept` is called when all of it is on the disk. */
  async run<T>(life: Life, work: (open: Open) => Promise<T>, kept: (result: T) => void = () => undefined): Promise<T> {
    const letGo = await this.turn.hold(life);
    try {
      await life.turn(() => this.connected());
      return await this.transaction(life, work, kept);
    } finally {
      letGo();
    }
  }

  private async transaction<T>(life: Life, work: (open: Open) => Promise<T>, kept: (result: T) => void): Promise<T> {
    let failed = false;
    let written = false;
    const guard: Guard = {
      reads() {
        if (!life.passes()) return new Promise(() => undefined);
        return failed ? Promise.reject(new StorageFailure('the disk is full')) : Promise.resolve();
      },
      writes: () => {
        written = true;
        if (this.fuse.fills()) failed = true;
      },
    };
    const { open, abort } = this.contents.begin(guard);
    let working = true;
    this.working += 1;
    const worked = () => {
      if (working) this.working -= 1;
      working = false;
    };
    const forget = life.atEnd(() => {
      worked();
      abort();
    });
    try {
      const result = await work(open);
      worked();
      return await life.turn(() => {
        if (failed) throw new StorageFailure('the disk is full');
        forget();
        this.commits += 1;
        kept(result);
        if (written) this.afterCommit();
        return result;
      });
    } catch (error) {
      worked();
      forget();
      abort();
      throw error;
    }
  }

  private connected(): void {
    if (!this.lost) return;
    this.lost = false;
    throw new StorageFailure('the connection is gone');
  }
}
