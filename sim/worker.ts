import type { AccountRecord, SyncState } from '../contract/database.ts';
import { forgetProblem } from '../sw/engine/forget-problem.ts';
import { handOver } from '../sw/engine/hand-over.ts';
import type { HistoryServer, Random, Store, Stored } from '../sw/engine/ports.ts';
import { readOlder } from '../sw/engine/read-older.ts';
import { type Sync, startSync } from '../sw/engine/start-sync.ts';
import { newStop } from '../sw/engine/stop.ts';
import type { Trigger } from '../sw/engine/sync-policy.ts';
import { changeOn, storeOn } from './account-disk.ts';
import type { Browser } from './browser.ts';
import { type Command, writeDown } from './commands.ts';
import { StorageFailure } from './disk.ts';
import { Life } from './life.ts';
import { Listening } from './listening.ts';
import { historyFor, serverFor } from './open-session.ts';
import { OpenedRegistry } from './registry-disk.ts';
import type { Timer } from './turns.ts';

const idleMs = 30_000;
const longestEventMs = 5 * 60_000;
const longestAlarmMs = 10 * 60_000;

/** One service worker: the engine, and what a browser gives it. Killed, all that it had in memory is gone. */
export class Worker {
  readonly life: Life;
  readonly sync: Sync;
  readonly registry: OpenedRegistry;
  private readonly history: HistoryServer;
  readonly browser: Browser;
  readonly random: Random;
  readonly listening = new Listening(this);
  private readonly stores = new Map<string, Store>();
  private readonly visible = { page: 0, before: false, online: true };
  private underWay = 0;
  private lastEvent: number;
  private alarm: Timer | null = null;

  constructor(browser: Browser, random: Random) {
    const { world } = browser;
    this.browser = browser;
    this.random = random;
    this.life = new Life(world.turns, browser.fuse);
    this.registry = new OpenedRegistry(browser.registry, this.life);
    this.lastEvent = world.turns.now;
    const { life, registry } = this;
    const now = browser.now;
    life.atEnd(() => {
      if (this.alarm !== null) this.alarm.run = null;
    });
    const reach = {
      life,
      registry,
      network: browser.network,
      server: world.server,
      renewing: browser.lock('session'),
      now,
    };
    this.history = historyFor(reach);
    this.sync = startSync({
      accounts: { current: () => this.current() },
      server: serverFor(reach),
      notices: {
        about: () => ({ changed: () => undefined, syncing: (active) => void (active && browser.bounded.sync()) }),
      },
      alarm: { set: (at, then) => this.setAlarm(at, then) },
      time: { now },
      random,
      longestMinutes: 5,
      polling: true,
      live: () => this.listening.live(),
      after: (ms, then) => browser.world.turns.afterIn(life, ms, then),
      pageVisible: () => life.turn(() => browser.page.visible),
      online: () => this.visible.online,
      alone: (work) => this.alone('sync', work),
      bringAlong: () => this.bringAlong(),
      wakeLater: () => life.turn(() => browser.tag.register()),
      failed: (error) => this.failed(error),
    });
    this.endWhenIdle();
  }

  /** Something happens that keeps the worker alive until all that follows from it is over. */
  event(work: () => Promise<unknown>): void {
    this.browser.bounded.event();
    this.underWay += 1;
    this.lastEvent = this.browser.world.turns.now;
    work()
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.underWay -= 1;
        this.lastEvent = this.browser.world.turns.now;
      });
  }

  /** A page says how it is. */
  async hello(said: { page: number; visible: boolean; online: boolean }): Promise<void> {
    const { page, online } = this.visible;
    const before = page === said.page && this.visible.before;
    const triggers: Trigger[] = [];
    if (said.online && !online) triggers.push('online');
    if (said.visible && !before) triggers.push('visible');
    if (!said.visible && before) triggers.push('hidden');
    this.visible.before = said.visible;
    this.visible.page = said.page;
    this.visible.online = said.online;
    this.listening.look();
    await this.sync.start();
    for (const trigger of triggers) await this.sync.trigger(trigger);
    await this.sync.trigger('poll');
  }

  /** Does what a page asked for; `reply` is called when it is durable, or could not be. */
  async perform(command: Command, reply: (kept: boolean) => void): Promise<void> {
    const { world } = this.browser;
    try {
      const { account, store } = await this.meant(command.database);
      const disk = this.browser.disk(store.database);
      const origin = account.user === null ? 'import' : 'live';
      const user = this.browser.ownerOf(account);
      const writing = { now: this.browser.now(), origin } as const;
      const write = (stored: Stored) => writeDown(stored, command, writing, user, disk);
      await changeOn(disk, this.life, write, (note) => note(world.ledger));
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      return this.life.turn(() => reply(false));
    }
    await this.life.turn(() => reply(true));
    if (command.trigger !== null) await this.sync.written(command.trigger);
  }

  /** Signs this user in; what nobody wrote comes along. */
  async signIn(user: string): Promise<void> {
    const { network, world } = this.browser;
    const answer = await network.ask(this.life, () => ({ tokens: world.server.signIn(user) }));
    if (answer === null || answer.tokens === null) return;
    const session = { user: { id: user, email: user }, ...answer.tokens };
    await this.registry.signIn(session, () => this.browser.handedOver(user));
    const { store } = await this.current();
    await store.change('relaxed', (stored) => forgetProblem(stored, 'signed-out'));
    this.sync.switched();
    await this.bringAlong();
    await this.sync.trigger('sign-in');
  }

  /** Signs out, having tried to send what waits if that is wanted. */
  async signOut(send: boolean): Promise<void> {
    if (send) {
      await this.sync.trigger('sync-now');
      if ((await this.sync.waiting()).ready > 0) return;
    }
    await this.registry.signOut();
    this.sync.switched();
  }

  /** Brings back messages of a conversation that have left the device. */
  readOlder(conversation: string): Promise<void> {
    return this.alone('sync', async () => {
      const { account, store } = await this.current();
      if (account.user === null) return;
      await readOlder(
        {
          store,
          server: this.history,
          user: account.user.id,
          time: { now: this.browser.now },
          tell: { changed: () => undefined, syncing: () => undefined },
          patience: { deadlineMs: 20_000, stop: newStop() },
        },
        conversation,
      );
    });
  }

  /** Where sync stands in the account in use. */
  async stateInUse(): Promise<SyncState> {
    const { store } = await this.current();
    return store.read((stored) => stored.state());
  }

  async backgroundSync(): Promise<{ tryAgain: boolean }> {
    await this.sync.trigger('background-sync');
    return { tryAgain: await this.sync.worthTrying() };
  }

  private current(): Promise<{ account: AccountRecord; store: Store }> {
    return this.opened(() => this.registry.current());
  }

  private named(database: string): Promise<{ account: AccountRecord; store: Store } | null> {
    return this.opened(() => this.registry.account(database));
  }

  /** The account that a page means; what is on its way to another is written there. */
  private async meant(database: string | undefined): Promise<{ account: AccountRecord; store: Store }> {
    const named = database === undefined ? null : await this.named(database);
    if (named === null) return this.current();
    const { into } = named.account;
    if (into === undefined) return named;
    await this.bringAlong();
    const left = await this.named(named.account.database);
    if (left?.account.into !== undefined) return left;
    return (await this.named(into)) ?? this.current();
  }

  private async opened<T extends AccountRecord | null>(
    read: () => Promise<T>,
  ): Promise<{ account: NonNullable<T>; store: Store } | (T & null)> {
    for (;;) {
      const account = await read();
      if (account === null) return account as T & null;
      const known = this.stores.get(account.database);
      if (known !== undefined) return { account, store: known };
      const store = storeOn(this.browser.disk(account.database), this.life);
      await store.read((stored) => stored.state());
      this.stores.set(account.database, store);
    }
  }

  private bringAlong(): Promise<void> {
    return this.alone('hand-over', async () => {
      for (const leaving of await this.registry.leaving()) {
        const from = await this.named(leaving.database);
        const into = await this.named(leaving.into);
        if (from === null || into === null) continue;
        try {
          await handOver(from.store, into.store);
          if ((await this.registry.arrived(leaving)) === 'dropped') this.forget(leaving.database);
        } catch (error) {
          if (!into.store.isStorageFailure(error)) throw error;
        }
      }
    });
  }

  private forget(database: string): void {
    this.stores.delete(database);
    this.browser.drop(database);
  }

  private async alone(name: string, work: () => Promise<void>): Promise<void> {
    if (this.browser.lockBroken) return work();
    const letGo = await this.browser.lock(name).hold(this.life);
    try {
      await work();
    } finally {
      letGo();
    }
  }

  private setAlarm(at: number, then: () => void): void {
    if (this.alarm !== null) this.alarm.run = null;
    const ms = Math.min(longestAlarmMs, Math.max(0, at - this.browser.now()));
    this.alarm = this.browser.world.turns.after(ms, () => {
      if (this.life.passes()) then();
    });
  }

  private failed(error: unknown): void {
    if (!(error instanceof StorageFailure)) this.browser.world.threw(error);
  }

  private endWhenIdle(): void {
    const { turns } = this.browser.world;
    turns.after(idleMs, () => {
      if (!this.life.alive) return;
      const quiet = turns.now - this.lastEvent;
      if (quiet >= (this.underWay > 0 ? longestEventMs : idleMs)) this.life.kill();
      else this.endWhenIdle();
    });
  }
}
