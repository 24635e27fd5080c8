import type { Life } from './life.ts';

/** Something that one holds at a time, in order of asking; who dies holds nothing any more. */
export class OneAfterAnother {
  private holder: object | null = null;
  private readonly asking: { life: Life; take: () => void }[] = [];

  /** Resolves with how to let go when it is the asker's turn. */
  hold(life: Life): Promise<() => void> {
    return life.pending((resolve) => {
      const take = () => {
        const mine = {};
        this.holder = mine;
        const letGo = () => {
          if (this.holder !== mine) return;
          this.holder = null;
          forget();
          this.next();
        };
        const forget = life.atEnd(letGo);
        resolve(letGo);
      };
      this.asking.push({ life, take });
      if (this.holder === null) this.next();
    });
  }

  private next(): void {
    let first = this.asking.shift();
    while (first !== undefined && !first.life.alive) first = this.asking.shift();
    first?.take();
  }
}
