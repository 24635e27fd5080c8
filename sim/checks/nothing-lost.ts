import type { OutboxEntry } from '../../contract/database.ts';
import { seenFields } from '../../contract/overlay.ts';
import { storedOver } from '../../sw/engine/local/stored-over.ts';
import type { AnyRecord } from '../../sw/engine/ports.ts';
import type { AccountDisk } from '../account-disk.ts';
import type { Written } from '../ledger.ts';
import type { ModelServer } from '../model/server.ts';
import type { World } from '../world.ts';

/** 1: what a page was told is kept ends applied, superseded, or visible as failed. */
export async function checkNothingLost(world: World): Promise<void> {
  const { ledger, breaks } = world;
  for (const write of ledger.writes) {
    if (!write.acknowledged || write.givenUp) continue;
    if (write.places.size === 0 && write.serverAt === null) continue;
    const why = await lostWhere(world, write);
    const what = `${write.kind} ${write.id} ${write.field} ${String(write.value).slice(0, 60)}`;
    if (why !== null) breaks('1 nothing is lost', `${what}: ${why}`);
  }
}

async function lostWhere(world: World, write: Written): Promise<string | null> {
  const owners = [...(world.ledger.owners.get(write.id) ?? [])].map((owner) => world.server.account(owner));
  // Whose account was deleted keeps what is on his devices.
  if (owners.some(({ deleted }) => deleted)) return write.places.size === 0 ? null : lostLocally(world, write);
  if (owners.length === 0 || isNobodys(world, write)) return lostLocally(world, write);
  return lostByAll(world, write, owners);
}

/** A copy of his profile that nobody signed in with has it still to itself. */
function isNobodys({ browsers }: World, { places }: Written): boolean {
  return browsers.some((browser) =>
    browser.accounts().some((account) => account.user === null && places.has(browser.disk(account.database))),
  );
}

async function lostByAll(world: World, write: Written, servers: ModelServer[]): Promise<string | null> {
  if ((await isVisiblyRefused(write)) || isPurgedHere(world, write)) return null;
  for (const { account } of servers) {
    const row = write.kind === 'message' ? account.messages.get(write.id) : account.conversations.get(write.id);
    if (row !== undefined) return lostInRow(world, write, row as unknown as Record<string, unknown>);
    const home = world.ledger.homes.get(write.id) ?? null;
    if (account.tombstones.has(write.id) || (home !== null && account.tombstones.has(home))) {
      const purges = world.ledger.purges.filter(({ id }) => id === write.id || id === home);
      const meant = write.everOnServer || write.kind === 'conversation' || purges.some(({ id }) => id === write.id);
      return purges.length > 0 && meant ? null : 'purged, and nobody meant it';
    }
  }
  return 'neither on the server nor visible as failed';
}

/** Its own writer, or who has a copy of his profile, removed it for good. */
function isPurgedHere({ ledger }: World, { id, places }: Written): boolean {
  return ledger.purges.some((purge) => purge.id === id && [...purge.places].some((disk) => places.has(disk)));
}

function lostInRow({ ledger }: World, write: Written, row: Record<string, unknown>): string | null {
  if (write.field === 'trashed' || row[write.field] === write.value) return null;
  return ledger.olderThan(write).has(row[write.field]) ? `the older ${String(row[write.field])} is back` : null;
}

async function lostLocally(world: World, write: Written): Promise<string | null> {
  for (const disk of write.places) {
    const record = await recordOn(disk, write);
    if (record === undefined) continue;
    return lostInRow(world, write, seenFields(record) as Record<string, unknown>);
  }
  const purged = (id: string | undefined) => world.ledger.purges.some((purge) => purge.id === id);
  return purged(write.id) || purged(world.ledger.homes.get(write.id)) ? null : 'on no device any more';
}

function recordOn(disk: AccountDisk, { kind, id }: Written): Promise<AnyRecord | undefined> {
  return storedOver(disk.contents.database.begin().tables).stored.entity(kind, id);
}

function entryOn(disk: AccountDisk, id: string | null): OutboxEntry | undefined {
  return disk.contents.database.recordsOf('outbox').find((entry) => entry.id === id);
}

/** Somewhere a person sees it among what needs attention. */
async function isVisiblyRefused(write: Written): Promise<boolean> {
  for (const disk of write.places) {
    const record = await recordOn(disk, write);
    const entry = entryOn(disk, write.id);
    if (record === undefined || entry === undefined) continue;
    if (entry.state === 'refused') return true;
    const home = record.kind === 'message' ? record.conversation : null;
    if (entryOn(disk, home)?.state === 'refused') return true;
  }
  return false;
}
