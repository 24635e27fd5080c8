import { describe, expect, test } from 'vitest';
import { migrate, openDatabase } from './database.ts';
import { conversation, type Device, id, message, newDevice, purge } from './device.ts';
import type { Engine } from './engine.ts';
import { earlierVersions, everything, fill } from './upgrade-filled.ts';

/** What was there before an upgrade is there after it, and everybody goes on where he was. */
export function upgrade(name: string, start: () => Promise<Engine>): void {
  describe(`an upgrade on ${name}`, () => {
    test.each(earlierVersions)(
      'from %s keeps every row with its seq, and devices go on where they stood',
      async (version) => {
        const engine = await start();
        const database = await openDatabase(engine, undefined, version);
        try {
          const { user, synced, away, walking } = await fill(database);
          const before = await everything(database, user);
          expect(before.length).toBeGreaterThan(60);
          const head = synced.cursor?.seq;

          await migrate(engine, version);
          expect(await everything(database, user)).toEqual(before);

          // Nothing has changed for a device that was up to date.
          const { changes, cursor } = await synced.send();
          expect({ changes, seq: cursor.seq }).toEqual({ changes: [], seq: head });
          await away.sync([], 3);
          await walking.sync([], 3);
          const fresh = newDevice(database.asUser(user));
          await fresh.sync([], 7);
          for (const device of [away, walking, fresh]) expect(asBefore(device)).toEqual(asBefore(synced));

          // Old rows are edited, answered and purged like new ones.
          const [old] = [...synced.rows.values()].filter((row) => row.kind === 'message');
          const [plans] = [...synced.rows.values()].filter((row) => row.kind === 'conversation' && row.count > 5);
          if (old?.kind !== 'message' || plans === undefined) throw new Error('nothing to go on with');
          const results = await synced.sync([
            message(old.conversation, 'Edited after the upgrade', { id: old.id }),
            message(plans.id, 'Said after the upgrade'),
            conversation(id(), { title: 'New' }),
            ...[...synced.rows.values()].slice(-3).map((row) => purge(row.kind, row.id)),
          ]);
          expect(results.results.map((result) => result.is)).toEqual([
            'stored',
            'stored',
            'stored',
            'gone',
            'gone',
            'gone',
          ]);
          expect(results.results.every((result) => 'seq' in result && result.seq > Number(head))).toBe(true);
          for (const device of [synced, away, walking, fresh]) {
            await device.sync([], 4);
            expect(asBefore(device)).toEqual(asBefore(synced));
          }

          await database.deleteAccount(user);
          expect(await everything(database, user)).toEqual(before.filter((row) => isEpoch(row)));
        } finally {
          await database.close();
        }
      },
    );
  });
}

/** What a device holds, without what the server has come to tell since it fetched it. */
function asBefore({ rows }: Device): Map<string, object> {
  return new Map([...rows].map(([id, row]) => [id, { ...row, tokens: undefined }]));
}

function isEpoch(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'kind' in row && row.kind === 'epoch';
}
