import type { Draws } from './draws.ts';
import type { Life } from './life.ts';
import type { Turns } from './turns.ts';

export interface LineEvents {
  joined(): void;
  lost(): void;
  poke(said: unknown): void;
}

export interface Line {
  readonly user: string;
  close(): void;
}

/** The server's realtime channels. */
export class Lines {
  /** This server has no realtime at all. */
  absent: boolean;
  /** No channel can be had. */
  down = false;
  /** Channels stand, and nothing is heard on them. */
  deaf = false;
  private readonly turns: Turns;
  private readonly draws: Draws;
  private standing = new Set<{ user: string; life: Life; events: LineEvents }>();

  constructor(turns: Turns, draws: Draws, absent: boolean) {
    this.turns = turns;
    this.draws = draws;
    this.absent = absent;
  }

  open(life: Life, user: string, events: LineEvents): Line {
    const line = { user, life, events };
    this.standing.add(line);
    this.turns.afterIn(life, 20 + this.draws.below(400), () => {
      if (!this.standing.has(line)) return;
      if (this.down) events.lost();
      else events.joined();
    });
    return { user, close: () => void this.standing.delete(line) };
  }

  /** Something of this user changed: every channel of his is told, later or never. */
  poke(user: string, said: { seq: number; device: string }): void {
    for (const line of this.standing) {
      if (line.user !== user || this.down || this.deaf || this.draws.chance(0.05)) continue;
      this.turns.afterIn(line.life, this.draws.below(500), () => {
        if (this.standing.has(line)) line.events.poke(said);
      });
    }
  }

  breakDown(): void {
    this.down = true;
    for (const { life, events } of [...this.standing]) this.turns.afterIn(life, this.draws.below(100), events.lost);
  }

  mend(): void {
    this.down = false;
    this.deaf = false;
  }
}
