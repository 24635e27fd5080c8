/** Counts what one browser's workers live through and write, and says where one is to be cut off. */
export class Fuse {
  /** Points so far at which a worker could have been killed. */
  points = 0;
  /** The point at which it is. */
  killAt = Number.POSITIVE_INFINITY;
  /** Writes into any database so far. */
  writes = 0;
  /** The write from which on the disk is full. */
  fullAt = Number.POSITIVE_INFINITY;

  /** Called when the disk becomes full. */
  whenFull: () => void = () => undefined;

  /** One more write; true if there is no room for it. */
  fills(): boolean {
    this.writes += 1;
    if (this.writes === this.fullAt) this.whenFull();
    return this.writes >= this.fullAt;
  }

  /** One more point; true if it is the one. */
  burns(): boolean {
    this.points += 1;
    return this.points === this.killAt;
  }
}
