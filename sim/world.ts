import type { Policy } from '../contract/wire.ts';
import type { AccountDisk } from './account-disk.ts';
import { Browser } from './browser.ts';
import { type Draws, draws } from './draws.ts';
import type { Setting } from './history.ts';
import { Ledger } from './ledger.ts';
import { Lines } from './lines.ts';
import { Server } from './server.ts';
import { Turns } from './turns.ts';

/** An invariant that does not hold, and what shows it. */
export interface Broken {
  invariant: string;
  why: string;
}

/** Everything there is: browsers, a server, and the truth about what people did. */
export class World {
  readonly draws: Draws;
  readonly turns: Turns;
  readonly server: Server;
  readonly ledger = new Ledger();
  readonly lines: Lines;
  readonly browsers: Browser[];
  broken: Broken | null = null;
  /** Something was offered a second time, which gives it another place. */
  shuffled = false;
  /** Called after every transaction in an account's database. */
  committed: (browser: Browser, disk: AccountDisk) => void = () => undefined;
  /** What the server has told of each user. */
  readonly told = new Map<string, Set<string>>();
  private said = 0;

  constructor(seed: number, setting: Setting) {
    this.draws = draws(seed);
    this.turns = new Turns(this.draws);
    const policy: Policy = { tier: 'studio', interval: 30, maxOps: setting.maxOps, maxPull: setting.maxPull };
    this.server = new Server(this.turns, policy);
    this.lines = new Lines(this.turns, this.draws, !setting.realtime);
    this.browsers = setting.browsers.map(({ wakes, skew }, place) => {
      const browser = new Browser(this, `browser${place}`, wakes);
      browser.skew = skew;
      return browser;
    });
  }

  /** What nobody has said before. */
  newText = (): string => `said ${++this.said}`;

  /** Notes the first thing that went wrong. */
  breaks = (invariant: string, why: string): void => {
    this.broken ??= { invariant, why };
  };

  /** A worker threw what is no failure of storage. */
  threw(error: unknown): void {
    this.breaks(
      '6 one bad thing blocks the rest',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
}
