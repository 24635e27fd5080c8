import type { Browser } from './browser.ts';
import type { Change } from './changes.ts';
import type { Command } from './commands.ts';

const heartbeatMs = 20_000;
const againMs = 4_000;
const triesMost = 4;

/** The page of a browser: it shows one database, says hello while it is in sight, and asks its worker for what people do. */
export class Page {
  open = false;
  visible = false;
  /** The database that it shows. */
  shows: string | undefined;
  /** Whether it notices that the network is gone. */
  noticesOffline = true;
  /** Which page it is: one that is opened again is another. */
  private number = 0;
  private beats = 0;
  private asked = 0;
  private readonly asking: Command[] = [];
  private readonly browser: Browser;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  /** It is opened, shown, hidden or closed. */
  show(open: boolean, visible: boolean): void {
    const opened = open && !this.open;
    this.open = open;
    this.visible = open && visible;
    if (opened) {
      this.number += 1;
      this.look();
      this.browser.event((worker) => worker.sync.start());
    }
    if (open) this.sayHello();
    if (this.visible) this.beat();
  }

  sayHello(): void {
    const { number: page, visible, browser } = this;
    const online = browser.network.up || !this.noticesOffline;
    browser.event((worker) => worker.hello({ page, visible, online }));
  }

  /** It shows the account in use. */
  look(): void {
    this.shows = this.browser.current()?.database;
  }

  /** It asks its worker, one thing after another, and asks again until it is answered. */
  ask(change: Change): void {
    this.asking.push({ ...change, name: `${this.browser.name} ${++this.asked}`, database: this.shows });
    if (this.asking.length === 1) this.askNext();
  }

  private askNext(): void {
    const [command] = this.asking;
    if (command === undefined) return;
    const { world } = this.browser;
    let tries = 0;
    let over = false;
    const next = () => {
      if (over) return;
      over = true;
      this.asking.shift();
      this.askNext();
    };
    const answered = (kept: boolean) => {
      this.look();
      if (kept) world.ledger.acknowledged(command.name);
      next();
    };
    const again = () => {
      if (over) return;
      if (!this.open || tries++ >= triesMost) return next();
      this.browser.event((worker) => worker.perform(command, answered));
      world.turns.after(againMs, again);
    };
    again();
  }

  private beat(): void {
    const mine = ++this.beats;
    const again = () =>
      this.browser.world.turns.after(heartbeatMs, () => {
        if (mine !== this.beats || !this.visible) return;
        this.sayHello();
        again();
      });
    again();
  }
}
