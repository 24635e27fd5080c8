import type { SyncRequest } from '../../../contract/wire.ts';
import type { Sent } from '../ports.ts';
import { type Sync, type SyncParts, startSync } from '../start-sync.ts';
import { type Fate, seededRandom } from './device.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { ModelServer } from './model-server.ts';

/** A worker on a clock that only moves when it is told to, with its store in memory and a model as its server. */
export class VirtualWorker {
  readonly server: ModelServer;
  readonly store: MemoryStore;
  readonly sync: Sync;
  readonly requests: { at: number; request: SyncRequest }[] = [];
  readonly trouble: unknown[] = [];
  /** What becomes of every request; the server's own answer unless a test says otherwise. */
  fate: Fate | null = null;
  pageVisible = true;
  online = true;
  live = false;
  readonly start: number;
  private timers: { at: number; then: () => void }[] = [];
  private alarm: { at: number; then: () => void } | null = null;

  constructor(
    server = new ModelServer(),
    store = memoryStore('a00000000000'),
    { requestMs = 0, ...more }: Partial<SyncParts> & { requestMs?: number } = {},
  ) {
    this.server = server;
    this.store = store;
    this.start = server.time;
    const answer = async (request: SyncRequest): Promise<Sent> => {
      this.requests.push({ at: this.now() - this.start, request });
      server.time += requestMs;
      return (await this.fate?.(request, () => server.answer(request))) ?? this.answered(request);
    };
    this.sync = startSync({
      accounts: { current: async () => ({ account: { user: { id: 'somebody' } }, store: this.store }) },
      server: { sync: answer },
      notices: { about: () => ({ changed: () => undefined, syncing: () => undefined }) },
      alarm: {
        set: (at, then) => {
          this.alarm = { at, then };
        },
      },
      time: { now: this.now },
      random: seededRandom(1),
      longestMinutes: 5,
      polling: true,
      pageVisible: async () => this.pageVisible,
      online: () => this.online,
      live: () => this.live,
      alone: (work) => work(),
      after: (ms, then) => {
        const timer = { at: this.now() + ms, then };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
      bringAlong: async () => undefined,
      wakeLater: async () => undefined,
      failed: (error) => void this.trouble.push(error),
      ...more,
    });
  }

  now = (): number => this.server.time;

  answered(request: SyncRequest): Sent {
    return { is: 'answered', answer: this.server.answer(request), at: this.now() };
  }

  /** Everything that can happen without time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3_000; turn++) await Promise.resolve();
  }

  /** Lets time pass, with whatever goes off on the way. */
  async pass(ms: number): Promise<void> {
    const end = this.now() + ms;
    await this.settle();
    for (;;) {
      const next = this.dueBy(end);
      if (next === null) break;
      this.server.time = Math.max(this.server.time, next.at);
      next.then();
      await this.settle();
    }
    this.server.time = Math.max(this.server.time, end);
  }

  private dueBy(end: number): { at: number; then: () => void } | null {
    const all = [...this.timers, ...(this.alarm === null ? [] : [this.alarm])].sort((a, b) => a.at - b.at);
    const next = all[0];
    if (next === undefined || next.at > end) return null;
    if (next === this.alarm) this.alarm = null;
    else this.timers = this.timers.filter((one) => one !== next);
    return next;
  }
}
