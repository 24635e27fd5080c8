import { endsListening } from '../sw/engine/ends-listening.ts';
import { judgePoke } from '../sw/engine/poke-news.ts';
import {
  afterEvent,
  lookAgainAt,
  mayHaveMissed,
  off,
  type RealtimeEvent,
  type Wish,
} from '../sw/engine/realtime-state.ts';
import type { Line } from './lines.ts';
import type { Timer } from './turns.ts';
import type { Worker } from './worker.ts';

/** An answer has come by then. */
const answeredMs = 5_000;

/** A worker's realtime channel, as far as it listens. */
export class Listening {
  private readonly worker: Worker;
  private state: Parameters<typeof afterEvent>[0] = off;
  private wish: Wish = 'no';
  private line: Line | null = null;
  private timer: Timer | null = null;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  live = (): boolean => this.state.is === 'live';

  /** Looks whether to listen, and for whom. */
  look(): void {
    const { browser, life } = this.worker;
    if (!life.alive || browser.world.lines.absent) return;
    const account = browser.signedIn() ? browser.current() : undefined;
    const user = account?.user?.id ?? null;
    const [state] = account === undefined ? [] : browser.disk(account.database).contents.database.recordsOf('state');
    const hopeless = user === null || endsListening(state?.problem ?? null) || !browser.network.up;
    this.wish = hopeless ? 'no' : browser.page.visible ? 'here' : 'away';
    if (this.line !== null && this.line.user !== user) this.happened({ is: 'look', wish: 'no' });
    this.happened({ is: 'look', wish: this.wish });
    if (user === null || this.state.is !== 'joining' || this.line !== null) return;
    this.line = browser.world.lines.open(life, user, {
      joined: () => this.happened({ is: 'joined' }),
      lost: () => this.happened({ is: 'lost', full: false }),
      poke: (said) => this.heard(said),
    });
  }

  private happened(event: RealtimeEvent): void {
    const { browser, random } = this.worker;
    const before = this.state;
    this.state = afterEvent(before, event, browser.now(), random);
    if (this.state.is !== 'live' && this.state !== before) {
      this.line?.close();
      this.line = null;
    }
    const at = lookAgainAt(this.state, this.wish);
    if (this.timer !== null) this.timer.run = null;
    this.timer = at === null ? null : browser.world.turns.after(at - browser.now(), () => this.look());
    if (mayHaveMissed(before, this.state)) this.ask('joined');
    else if (before.is === 'live' && this.state.is !== 'live') this.ask('poll');
  }

  private ask(trigger: 'joined' | 'poke' | 'poll'): void {
    this.worker.event(() => this.worker.sync.trigger(trigger));
  }

  /** What this device wrote comes with the answer; unless it was a copy of its profile that wrote it. */
  private hearAgain(said: unknown): void {
    const { browser, life } = this.worker;
    browser.world.turns.afterIn(life, answeredMs, () => this.heard(said, true));
  }

  private heard(said: unknown, again = false): void {
    this.worker.event(async () => {
      const judged = judgePoke(said, await this.worker.stateInUse());
      if (judged === 'news' || (judged === 'own' && again)) await this.worker.sync.trigger('poke');
      else if (judged === 'own') this.hearAgain(said);
    });
  }
}
