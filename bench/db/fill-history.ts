import { device } from './atlas-requests.ts';
import type { Sql } from './open-server.ts';

/** Accounts with the same kind of history: conversations of 100 messages, spread over the last months up to now. */
export interface Histories {
  /** Numbers of the accounts, both included. */
  first: number;
  last: number;
  conversations: number;
  messages: number;
  months: number;
}

/** Makes accounts 1 to `last` through the sign-up's own trigger. */
export async function fillAccounts(sql: Sql, last: number): Promise<void> {
  await sql`update atlas.settings set default_tier = 'studio' where only_row`;
  await sql`
    insert into auth.users (id, email)
    select md5('account ' || n)::uuid, 'account-' || n || '@example.com' from generate_series(1, ${last}::integer) n`;
}

/**
 * Writes histories as sync would have left them had every conversation been written from end to end. Triggers are off
 * (they would write row for row what is filled here in one go), so everything that hangs on a row is filled here too.
 */
export async function fillHistories(sql: Sql, histories: Histories): Promise<void> {
  const { first, last } = histories;
  const halfway = Math.floor((first + last) / 2);
  await Promise.all([
    fillShare(sql, { ...histories, last: halfway }),
    fillShare(sql, { ...histories, first: halfway + 1 }),
  ]);
}

/** What hangs on filled rows: the directory of months, today's visits (so that polling writes nothing), what the planner knows. */
export async function settle(sql: Sql): Promise<void> {
  await sql`select atlas.rebuild_months()`;
  await sql`insert into atlas.devices (user_id, device) select h.user_id, ${device} from atlas.heads h`;
  await sql`update atlas.heads set seen_on = (now() at time zone 'UTC')::date, seen = array[${device}]`;
  await sql`vacuum (analyze)`;
}

async function fillShare(sql: Sql, { first, last, conversations, messages, months }: Histories): Promise<void> {
  await sql.begin(async (share) => {
    await share`set local synchronous_commit = off`;
    await share`set local session_replication_role = replica`;
    await share`
      insert into atlas.conversations (
        user_id, id, seq, origin, title, title_clock, trashed, trashed_clock, message_count, activity, active_at,
        last_message_preview, first_seq, created_at
      )
      select h.user_id, (h.time || '7' || left(h.hash, 3) || '8' || substr(h.hash, 4, 15))::uuid, h.base + h.messages + 2, 'import',
        'Conversation ' || h.number, h.clock, false, '000000000000000.0000.000000000000', h.messages, h.base + 1 + h.messages,
        h.began + h.messages * interval '10 minutes', 'The train leaves at nine', h.base + 1, h.began
      from (
        select w.*, md5(concat(w.user_id, w.number)) as hash, lpad(to_hex(atlas.ms(w.began)), 12, '0') as time,
          lpad(atlas.ms(w.began)::text, 15, '0') || '.0000.' || ${device} as clock, (w.number - 1) * (w.messages + 2) as base
        from (
          select md5('account ' || n)::uuid as user_id, number, ${messages}::integer as messages,
            greatest(now() - interval '20 hours', atlas.this_month()::timestamp at time zone 'UTC')
              - (${conversations} - number) * ${months - 1} * interval '30 days' / ${conversations} as began
          from generate_series(${first}::integer, ${last}::integer) n, generate_series(1, ${conversations}::integer) number
        ) w
      ) h`;
    await share`
      insert into atlas.messages (
        user_id, id, seq, origin, conversation, role, parent, attempt, text, text_clock, pos, received_at
      )
      select w.user_id, (lpad(to_hex(atlas.ms(w.at)), 12, '0') || '7' || left(w.hash, 3) || '8' || substr(w.hash, 4, 15))::uuid,
        w.seq, 'import', w.id, case when w.number % 2 = 1 then 'user' else 'assistant' end, null, 0,
        left(repeat('The train leaves at nine and is there by noon. ', 30), case when w.number % 2 = 1
          then 40 + w.number * 37 % 200 else 300 + w.number * 71 % 900 end),
        lpad(atlas.ms(w.at)::text, 15, '0') || '.0000.' || ${device}, w.seq, w.at
      from (
        select c.user_id, c.id, number, c.first_seq + number as seq, c.created_at + number * interval '10 minutes' as at,
          md5(concat(c.id, number)) as hash
        from generate_series(${first}::integer, ${last}::integer) n
        join atlas.conversations c on c.user_id = md5('account ' || n)::uuid
        cross join generate_series(1, ${messages}::integer) number
      ) w`;
    await share`
      update atlas.heads h set seq = ${conversations * (messages + 2)}
      from generate_series(${first}::integer, ${last}::integer) n where h.user_id = md5('account ' || n)::uuid`;
  });
}
