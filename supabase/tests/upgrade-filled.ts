import { newId } from '../../contract/ids.ts';
import type { Database } from './database.ts';
import { conversation, type Device, id, message, newDevice, purge } from './device.ts';

/** The last migrations of versions that are in use. */
export const earlierVersions = ['20261120101600_operator_functions.sql', '20261120113300_push_faster.sql'];

export interface Filled {
  user: string;
  /** Has everything, and stands at the head. */
  synced: Device;
  /** Wrote once and never came back. */
  away: Device;
  /** Stopped in the middle of its first sync. */
  walking: Device;
}

/** An account of the version before with rows of every sort: all written through sync, none by hand. */
export async function fill(database: Database): Promise<Filled> {
  const user = await database.signUp();
  const synced = newDevice(database.asUser(user));
  const away = newDevice(database.asUser(user));
  await synced.sync();
  await away.sync();
  const [plans, trash, empty, lost] = [id(), id(), id(), id()];
  await synced.sync([
    conversation(plans),
    conversation(trash, { title: 'Trash', trashed: true }),
    conversation(empty, { title: 'Empty' }),
    conversation(lost),
    message(lost, 'Gone with its conversation'),
  ]);
  // Ids of every time there is: months long past, this one, years to come, none at all.
  const times = [
    0,
    Date.UTC(2019, 5),
    Date.UTC(2023, 1),
    Date.UTC(2025, 7),
    Date.now(),
    Date.UTC(2031, 0),
    2 ** 48 - 1,
  ];
  const ids = [...times.map((ms) => newId(ms, crypto)), crypto.randomUUID()];
  const texts = ids.map((own, i) => message(plans, `Message ${i} 🦉 \n of before`, { id: own }));
  const reply = { ...message(plans, 'An answer', { role: 'assistant', parent: String(ids[4]) }) };
  await synced.sync([...texts, reply]);
  const imported = Array.from({ length: 40 }, (_, i) => ({
    ...message(empty, `Imported ${i}`),
    origin: 'import' as const,
  }));
  await synced.sync(imported);
  await synced.sync([message(plans, 'Message 4, edited', { id: String(ids[4]) })]);
  await away.sync([conversation(plans, { title: 'Plans, renamed' }), message(plans, 'From the other one')]);
  await synced.sync([purge('conversation', lost), purge('message', String(ids[2])), purge('message', id())]);
  const walking = newDevice(database.asUser(user));
  await walking.send([], 5);
  return { user, synced, away, walking };
}

/** Every row and tombstone of the account, as it was written, whatever else the tables hold by now. */
export async function everything(database: Database, user: string): Promise<unknown[]> {
  return database.look(
    `select 'conversation' as kind, id::text, seq::text, concat_ws(' ', origin, title, title_clock, trashed, trashed_clock,
       trashed_at, message_count, activity, active_at, last_message_preview, first_seq, created_at) as rest
     from atlas.conversations where user_id = $1
     union all
     select 'message', id::text, seq::text, concat_ws(' ', origin, conversation, role, parent, attempt, text, text_clock, pos,
       received_at)
     from atlas.messages where user_id = $1
     union all
     select 'tombstone', id::text, seq::text, kind from atlas.tombstones where user_id = $1
     union all
     select 'head', '', seq::text, '' from atlas.heads where user_id = $1
     union all
     select 'device', device, '', concat_ws(' ', first_seen, last_seen) from atlas.devices where user_id = $1
     union all
     select 'profile', '', '', concat_ws(' ', tier, created_at) from atlas.profiles where user_id = $1
     union all
     select 'epoch', epoch, from_seq::text, place::text from atlas.epochs
     order by 1, 2`,
    [user],
  );
}
