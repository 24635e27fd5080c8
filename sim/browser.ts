import type { AccountRecord } from '../contract/database.ts';
import { newDeviceId } from '../contract/ids.ts';
import { type AccountContents, type AccountDisk, newContents } from './account-disk.ts';
import type { Change } from './changes.ts';
import { Bounded } from './checks/bounded.ts';
import { Disk } from './disk.ts';
import { Fuse } from './fuse.ts';
import type { Purged, Written } from './ledger.ts';
import { Network } from './network.ts';
import { OneAfterAnother } from './one-after-another.ts';
import { Page } from './page.ts';
import { RegistryContents, type RegistryDisk } from './registry-disk.ts';
import { SyncTag } from './sync-tag.ts';
import { Worker } from './worker.ts';
import type { World } from './world.ts';

const longestUpdateMs = 60_000;

interface Profile {
  registry: RegistryContents;
  disks: Map<string, { contents: AccountContents; held: Set<Written | Purged> }>;
}

/** One browser profile on one machine: what is on its disk, its page, its workers, its clock and its network. */
export class Browser {
  readonly world: World;
  readonly name: string;
  readonly network: Network;
  readonly fuse = new Fuse();
  readonly bounded = new Bounded(this);
  readonly page = new Page(this);
  readonly tag = new SyncTag(this);
  /** Device time minus server time. */
  skew = 0;
  /** Whether it has Background Sync. */
  readonly wakes: boolean;
  /** The Web Lock holds nobody back. */
  lockBroken = false;
  workers: Worker[] = [];
  registry: RegistryDisk;
  private disks = new Map<string, AccountDisk>();
  private locks = new Map<string, OneAfterAnother>();
  private saved: Profile | null = null;
  private made = 0;

  constructor(world: World, name: string, wakes: boolean) {
    this.world = world;
    this.name = name;
    this.wakes = wakes;
    this.network = new Network(world.turns, world.draws, world.server);
    this.registry = new Disk(`registry-${name}`, new RegistryContents(this.newDatabaseName), this.fuse);
  }

  now = (): number => Math.max(0, this.world.turns.now + this.skew);
  newDatabaseName = (): string => `${this.name}-${++this.made}`;

  disk(name: string): AccountDisk {
    const known = this.disks.get(name);
    if (known !== undefined) return known;
    return this.keep(new Disk(name, newContents(newDeviceId(this.world.draws)), this.fuse));
  }

  private keep(disk: AccountDisk): AccountDisk {
    disk.afterCommit = () => this.world.committed(this, disk);
    this.disks.set(disk.name, disk);
    return disk;
  }

  allDisks = (): AccountDisk[] => [...this.disks.values()];

  lock(name: string): OneAfterAnother {
    const known = this.locks.get(name) ?? new OneAfterAnother();
    this.locks.set(name, known);
    return known;
  }

  accounts(): AccountRecord[] {
    return this.registry.contents.kept.accounts;
  }

  /** Whose what is in this account's database is, or will be when it has arrived. */
  ownerOf({ user, into }: AccountRecord): string | null {
    const later = this.accounts().find(({ database }) => database === into);
    return user?.id ?? later?.user?.id ?? null;
  }

  /** What nobody wrote here is this user's now. */
  handedOver(user: string): void {
    const { ledger } = this.world;
    for (const account of this.accounts()) {
      if (this.ownerOf(account) !== user) continue;
      const disk = this.disk(account.database);
      for (const { id } of ledger.heldBy(disk)) ledger.own(id, user);
      if (account.into !== undefined) ledger.comesAlong(disk, this.disk(account.into));
    }
  }

  /** Whether there is a session of the account in use. */
  signedIn(): boolean {
    const { session } = this.registry.contents.kept;
    return session !== null && session.user.id === this.current()?.user?.id;
  }

  drop(database: string): void {
    this.world.ledger.lost(this.disk(database));
    this.disks.delete(database);
  }

  current(): AccountRecord | undefined {
    const { accounts, inUse } = this.registry.contents.kept;
    return accounts.find(({ database }) => database === inUse);
  }

  /** The worker that gets the next event; one is started if there is none. */
  worker(): Worker {
    this.workers = this.workers.filter(({ life }) => life.alive);
    const [first, ...more] = this.workers;
    if (first !== undefined) return this.world.draws.pick([first, ...more]);
    return this.startWorker();
  }

  /** Something happens to one of its workers. */
  event(work: (worker: Worker) => Promise<unknown>): void {
    const worker = this.worker();
    worker.event(() => work(worker));
  }

  /** A new version of the worker starts while the old one is still there. */
  update(): void {
    const old = this.workers;
    const worker = this.startWorker();
    worker.event(() => worker.sync.start());
    this.world.turns.after(this.world.draws.below(longestUpdateMs), () => {
      for (const { life } of old) life.kill();
    });
  }

  startWorker(): Worker {
    const worker = new Worker(this, this.world.draws);
    this.workers.push(worker);
    return worker;
  }

  killWorkers(): void {
    for (const { life } of this.workers) life.kill();
    this.workers = [];
  }

  /** The page is opened, shown, hidden or closed. */
  show(open: boolean, visible: boolean): void {
    this.page.show(open, visible);
  }

  ask(change: Change): void {
    this.page.ask(change);
  }

  setNetwork(up: boolean, noticed: boolean): void {
    this.network.up = up;
    this.page.noticesOffline = noticed;
    if (this.page.open && noticed) this.page.sayHello();
    if (up) this.tag.offer(10);
  }

  /** From this write on the disk is full, for so long. */
  fillAt(write: number, ms: number): void {
    this.fuse.fullAt = write;
    this.fuse.whenFull = () => {
      this.world.turns.after(ms, () => {
        this.fuse.fullAt = Number.POSITIVE_INFINITY;
      });
    };
  }

  /** The browser throws away all that it keeps for the app. */
  evict(): void {
    this.forgetDisks();
    this.registry = new Disk(this.registry.name, new RegistryContents(this.newDatabaseName), this.fuse);
  }

  saveProfile(): void {
    this.saved = this.profile();
  }

  rollBack(): void {
    if (this.saved !== null) this.become(this.saved);
  }

  /** This machine gets a copy of another's profile. */
  copyOf(other: Browser): void {
    if (other !== this) this.become(other.profile());
  }

  private profile(): Profile {
    // A profile is copied while its browser is closed.
    this.killWorkers();
    const { ledger } = this.world;
    const disks = this.allDisks().map(
      (disk) => [disk.name, { contents: disk.contents.copy(), held: ledger.heldBy(disk) }] as const,
    );
    return { registry: this.registry.contents.copy(), disks: new Map(disks) };
  }

  private become({ registry, disks }: Profile): void {
    const { ledger } = this.world;
    this.forgetDisks();
    this.registry = new Disk(this.registry.name, registry.copy(), this.fuse);
    for (const [name, { contents, held }] of disks) {
      ledger.copiedTo(this.keep(new Disk(name, contents.copy(), this.fuse)), held);
    }
    this.page.look();
  }

  private forgetDisks(): void {
    this.killWorkers();
    this.tag.forget();
    for (const disk of this.disks.values()) this.world.ledger.lost(disk);
    this.disks = new Map();
    this.page.shows = undefined;
  }
}
