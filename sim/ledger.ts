import type { Kind } from '../contract/entities.ts';
import type { Op, Synced, SyncRequest } from '../contract/wire.ts';
import type { AccountDisk } from './account-disk.ts';

/** A value that a person wrote into a field. */
export interface Written {
  kind: Kind;
  id: string;
  field: string;
  value: unknown;
  /** What the person saw there before. */
  saw: unknown;
  /** Which command wrote it. */
  command: string;
  /** The page was told that it is kept. */
  acknowledged: boolean;
  /** The databases that have it. */
  places: Set<AccountDisk>;
  /** What the server had processed when it had it; null while it has not. */
  serverAt: number | null;
  everOnServer: boolean;
  givenUp: boolean;
  /** It got into another machine before its clock was fixed, so two machines say when it was written. */
  copiedUnsent: boolean;
}

/** Something that a person removed for good. */
export interface Purged {
  kind: Kind;
  id: string;
  command: string;
  acknowledged: boolean;
  places: Set<AccountDisk>;
  serverAt: number | null;
}

/** As it is when it is done; what is known only later comes later. */
type New<T, Later extends keyof T = never> = Omit<T, 'acknowledged' | 'serverAt' | Later>;

/** What people did, and who must still have it: the truth that everything is measured by. */
export class Ledger {
  readonly writes: Written[] = [];
  readonly purges: Purged[] = [];
  /** Whose each entity is; nobody's while it was written without an account. */
  readonly owners = new Map<string, Set<string>>();
  /** Messages that were written while signed in: those are usage. */
  readonly live = new Set<string>();
  /** The conversation of each message. */
  readonly homes = new Map<string, string>();
  private readonly byField = new Map<string, Written[]>();

  wrote(write: New<Written, 'everOnServer' | 'givenUp' | 'copiedUnsent'>): void {
    const written = {
      ...write,
      acknowledged: false,
      serverAt: null,
      everOnServer: false,
      givenUp: false,
      copiedUnsent: false,
    };
    this.writes.push(written);
    const key = `${write.id} ${write.field}`;
    this.byField.set(key, [...(this.byField.get(key) ?? []), written]);
  }

  purged(purge: New<Purged>): void {
    this.purges.push({ ...purge, acknowledged: false, serverAt: null });
  }

  acknowledged(command: string): void {
    for (const one of [...this.writes, ...this.purges]) if (one.command === command) one.acknowledged = true;
  }

  gaveUp(ids: ReadonlySet<string>): void {
    for (const write of this.writes) if (ids.has(write.id)) write.givenUp = true;
  }

  of(id: string, field: string): readonly Written[] {
    return this.byField.get(`${id} ${field}`) ?? [];
  }

  /** Every value that this one was written over, knowingly. */
  olderThan(write: Written): Set<unknown> {
    const older = new Set<unknown>();
    const all = this.of(write.id, write.field);
    let before = all.find(({ value }) => value === write.saw);
    while (before !== undefined && !older.has(before.value) && before !== write) {
      if (!before.copiedUnsent) older.add(before.value);
      const { saw } = before;
      before = all.find(({ value }) => value === saw);
    }
    return older;
  }

  own(id: string, user: string | null): void {
    const owners = this.owners.get(id) ?? new Set<string>();
    this.owners.set(id, owners);
    if (user !== null) owners.add(user);
  }

  /** The server has processed this request, except what it refused of it. */
  processed(request: SyncRequest, answer: Pick<Synced, 'results'>, at: number): void {
    for (const [place, op] of request.ops.entries()) {
      if (answer.results[place]?.is === 'refused') continue;
      if ('purge' in op) {
        for (const purge of this.purges) if (purge.id === op.id) purge.serverAt ??= at;
      } else this.sent(op, at);
    }
  }

  private sent(op: Extract<Op, { set: object }>, at: number): void {
    for (const [field, [value]] of Object.entries(op.set) as [string, [unknown, string]][]) {
      for (const write of this.of(op.id, field)) {
        if (write.value !== value) continue;
        write.serverAt ??= at;
        write.everOnServer = true;
      }
    }
  }

  /** The server forgot all that it processed after this. */
  restored(at: number): void {
    for (const one of [...this.writes, ...this.purges]) if ((one.serverAt ?? 0) > at) one.serverAt = null;
  }

  /** What this database has comes along into another. What was purged in it was never anybody else's. */
  comesAlong(from: AccountDisk, to: AccountDisk): void {
    const purged = new Set(this.purges.filter(({ places }) => places.has(from)).map(({ id }) => id));
    for (const { id, places } of this.writes) if (places.has(from) && !purged.has(id)) places.add(to);
  }

  /** This database is a copy that has all this. */
  copiedTo(disk: AccountDisk, held: ReadonlySet<Written | Purged>): void {
    for (const one of held) {
      one.places.add(disk);
      if ('field' in one && !one.everOnServer) one.copiedUnsent = true;
    }
  }

  /** This database is gone. */
  lost(disk: AccountDisk): void {
    for (const { places } of [...this.writes, ...this.purges]) places.delete(disk);
  }

  /** What this database holds of all that was done. */
  heldBy(disk: AccountDisk): Set<Written | Purged> {
    return new Set([...this.writes, ...this.purges].filter(({ places }) => places.has(disk)));
  }
}
