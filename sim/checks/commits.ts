import { seenFields } from '../../contract/overlay.ts';
import type { AnyRecord } from '../../sw/engine/ports.ts';
import type { AccountDisk } from '../account-disk.ts';
import type { Browser } from '../browser.ts';
import type { World } from '../world.ts';

/** What must hold in a database after every single transaction. */
export function watchCommits(world: World): void {
  world.committed = (browser, disk) => {
    if (world.broken !== null) return;
    const { database } = disk.contents;
    const records: AnyRecord[] = [...database.recordsOf('conversations'), ...database.recordsOf('messages')];
    checkWaiting(world, disk, records);
    checkFlicker(world, disk, records);
    checkOwner(world, browser, disk, records);
  };
}

/** 1: what has local fields is in the outbox, so that it is sent or seen as refused. */
function checkWaiting({ breaks }: World, { name, contents }: AccountDisk, records: AnyRecord[]): void {
  const waiting = new Set(contents.database.recordsOf('outbox').map(({ id }) => id));
  for (const { id, local } of records) {
    if (Object.keys(local).length > 0 && !waiting.has(id))
      breaks('1 nothing is lost', `${id} waits for nothing in ${name}`);
  }
}

/** 3: what a person wrote here does not give way to what he wrote over. */
function checkFlicker({ ledger, breaks }: World, disk: AccountDisk, records: AnyRecord[]): void {
  for (const record of records) {
    const seen = seenFields(record) as Record<string, unknown>;
    for (const field of record.kind === 'message' ? ['text'] : ['title']) {
      const mine = ledger.of(record.id, field).filter(({ acknowledged, places }) => acknowledged && places.has(disk));
      const older = mine.some((write) => !write.givenUp && ledger.olderThan(write).has(seen[field]));
      if (older)
        breaks('3 devices converge', `${String(seen[field])} is back in ${disk.name}, over what came after it`);
    }
  }
}

/** 7: a database holds rows of its own account alone. */
function checkOwner(world: World, browser: Browser, { name }: AccountDisk, records: AnyRecord[]): void {
  const user = browser.accounts().find(({ database }) => database === name)?.user;
  if (user === null || user === undefined) return;
  const known = world.told.get(user.id);
  for (const { base, id } of records) {
    if (base !== null && known?.has(id) !== true)
      world.breaks('7 nobody sees another’s data', `${id} is in ${name} of ${user.id}`);
  }
}
