-- Usage is what was said live: each message once, by its id, whatever becomes of it. The activity record is only added to;
-- daily usage is kept from it and can be counted again.

create table atlas.usage_logs (
  user_id uuid not null,
  message uuid not null,
  used_at timestamptz not null,
  day date not null,
  role text not null,
  tokens integer not null,
  cost_micros bigint not null,
  primary key (user_id, message)
) partition by range (message);
comment on table atlas.usage_logs is
  'The activity record: a row for each live message, by the week of its id, so that a message counts once. Never changed, dropped after 400 days.';
comment on column atlas.usage_logs.message is 'The message; it may have been purged since.';
comment on column atlas.usage_logs.used_at is 'When the server received it.';
comment on column atlas.usage_logs.day is 'The day it counts for, in UTC, by the server.';
comment on column atlas.usage_logs.tokens is 'Tokens of an answer.';
comment on column atlas.usage_logs.cost_micros is 'What they cost, in millionths of a dollar, as estimated.';

create table atlas.daily_usage (
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  day date not null,
  messages integer not null,
  answers integer not null,
  tokens bigint not null,
  cost_micros bigint not null,
  primary key (user_id, day)
);
comment on table atlas.daily_usage is 'Usage of a user by day, kept from usage_logs by its trigger.';
comment on column atlas.daily_usage.messages is 'What the user wrote.';
comment on column atlas.daily_usage.answers is 'What the assistant answered.';

alter table atlas.usage_logs enable row level security;
alter table atlas.usage_logs force row level security;
alter table atlas.daily_usage enable row level security;
alter table atlas.daily_usage force row level security;
revoke all on atlas.usage_logs, atlas.daily_usage from public, anon, authenticated, service_role;

create function atlas.week_tables() returns setof date
language sql stable set search_path = ''
as $$
  select to_date(right(c.relname, 10), 'YYYY_MM_DD') as week
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'atlas.usage_logs'::regclass and c.relname ~ '^usage_logs_[0-9]{4}_[0-9]{2}_[0-9]{2}$'
  order by week
$$;
comment on function atlas.week_tables() is 'The weeks that have a partition of usage_logs, by their Mondays.';

create function atlas.make_week(week date) returns void
language plpgsql set search_path = ''
as $$
declare
  name constant text := 'usage_logs_' || to_char(week::timestamp, 'YYYY_MM_DD');
begin
  execute format('create table atlas.%I partition of atlas.usage_logs for values from (%L) to (%L)', name,
    atlas.first_id(week), atlas.first_id(week + 7));
  perform atlas.dress_partition(name, 'usage_logs', 'Usage of the week from ' || week || '.',
    format('message >= %L and message < %L', atlas.first_id(week), atlas.first_id(week + 7)));
end
$$;
comment on function atlas.make_week(date) is 'Makes the partition of the week that begins on this Monday, dressed.';

create function atlas.cover_weeks(last date) returns integer
language plpgsql set search_path = '' set lock_timeout = '200ms'
as $$
declare
  above constant date := (select max(w) + 7 from atlas.week_tables() w);
  week date := above;
begin
  if last < above then
    return 0;
  end if;
  lock table atlas.usage_logs in access exclusive mode;
  perform set_config('atlas.writing', 'partitions', true);
  alter table atlas.usage_logs detach partition atlas.usage_logs_after;
  while week <= last loop
    perform atlas.make_week(week);
    execute format(
      'with moved as (delete from atlas.usage_logs_after where message < %L returning *) insert into atlas.%I select * from moved',
      atlas.first_id(week + 7), 'usage_logs_' || to_char(week::timestamp, 'YYYY_MM_DD'));
    week := week + 7;
  end loop;
  alter table atlas.usage_logs_after drop constraint bounds;
  execute format('alter table atlas.usage_logs_after add constraint bounds check (message >= %L)', atlas.first_id(week));
  execute format('alter table atlas.usage_logs attach partition atlas.usage_logs_after for values from (%L) to (maxvalue)',
    atlas.first_id(week));
  perform set_config('atlas.writing', '', true);
  return (week - above) / 7;
end
$$;
comment on function atlas.cover_weeks(date) is
  'Makes the weeks that are missing up to this day; gives their number. Gives up rather than wait.';

create function atlas.drop_weeks(before date) returns integer
language plpgsql set search_path = '' set lock_timeout = '200ms'
as $$
declare
  week date;
  dropped integer := 0;
begin
  if not exists (select from atlas.week_tables() w where w + 7 <= before) then
    return 0;
  end if;
  lock table atlas.usage_logs in access exclusive mode;
  perform set_config('atlas.writing', 'partitions', true);
  alter table atlas.usage_logs detach partition atlas.usage_logs_before;
  delete from atlas.usage_logs_before b where b.used_at < before;
  for week in select w from atlas.week_tables() w where w + 7 <= before loop
    execute format('drop table atlas.%I', 'usage_logs_' || to_char(week::timestamp, 'YYYY_MM_DD'));
    dropped := dropped + 1;
  end loop;
  alter table atlas.usage_logs_before drop constraint bounds;
  execute format('alter table atlas.usage_logs_before add constraint bounds check (message < %L)', atlas.first_id(week + 7));
  execute format('alter table atlas.usage_logs attach partition atlas.usage_logs_before for values from (minvalue) to (%L)',
    atlas.first_id(week + 7));
  perform set_config('atlas.writing', '', true);
  return dropped;
end
$$;
comment on function atlas.drop_weeks(date) is
  'Drops the weeks of the activity record that ended before this day; gives their number. Gives up rather than wait.';

do $$
declare
  week constant date := date_trunc('week', now() at time zone 'UTC')::date;
begin
  execute format('create table atlas.usage_logs_before partition of atlas.usage_logs for values from (minvalue) to (%L)',
    atlas.first_id(week));
  perform atlas.dress_partition('usage_logs_before', 'usage_logs', 'Usage with an id of before all weeks.',
    format('message < %L', atlas.first_id(week)));
  perform atlas.make_week(week);
  execute format('create table atlas.usage_logs_after partition of atlas.usage_logs for values from (%L) to (maxvalue)',
    atlas.first_id(week + 7));
  perform atlas.dress_partition('usage_logs_after', 'usage_logs', 'Usage with an id of after all weeks.',
    format('message >= %L', atlas.first_id(week + 7)));
  perform atlas.cover_weeks(week + 91);
end
$$;

create function atlas.count_usage() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  with logged as (
    insert into atlas.usage_logs (user_id, message, used_at, day, role, tokens, cost_micros)
    select n.user_id, n.id, n.received_at, (n.received_at at time zone 'UTC')::date, n.role, n.tokens, n.cost_micros
    from new_rows n where n.origin = 'live'
    on conflict do nothing
    returning user_id, day, role, tokens, cost_micros
  )
  insert into atlas.daily_usage as d (user_id, day, messages, answers, tokens, cost_micros)
  select l.user_id, l.day, count(*) filter (where l.role = 'user'), count(*) filter (where l.role <> 'user'),
    sum(l.tokens), sum(l.cost_micros)
  from logged l group by l.user_id, l.day
  on conflict (user_id, day) do update set
    messages = d.messages + excluded.messages, answers = d.answers + excluded.answers,
    tokens = d.tokens + excluded.tokens, cost_micros = d.cost_micros + excluded.cost_micros;
  return null;
end
$$;
comment on function atlas.count_usage() is
  'Records live messages, each once, and adds them to the usage of their day. What is sent again, edited, imported or brought back is none.';
create trigger count_usage after insert on atlas.messages referencing new table as new_rows
for each statement execute function atlas.count_usage();

create function atlas.recount_usage(who uuid) returns setof atlas.daily_usage
language sql stable set search_path = ''
as $$
  select l.user_id, l.day, (count(*) filter (where l.role = 'user'))::integer, (count(*) filter (where l.role <> 'user'))::integer,
    sum(l.tokens), sum(l.cost_micros)::bigint
  from atlas.usage_logs l where l.user_id = who
  group by l.user_id, l.day order by l.day
$$;
comment on function atlas.recount_usage(uuid) is
  'What daily_usage should say of a user by the activity record, for the days that are still recorded.';

create function atlas.budget_left(who uuid) returns bigint
language sql stable set search_path = ''
as $$
  select case when s.tiers -> h.tier ->> 'daily_budget_micros' is not null
    then greatest(0, (s.tiers -> h.tier ->> 'daily_budget_micros')::bigint - coalesce(d.cost_micros, 0)) end
  from atlas.heads h
  cross join atlas.state s
  left join atlas.daily_usage d on d.user_id = h.user_id and d.day = (now() at time zone 'UTC')::date
  where h.user_id = who
$$;
comment on function atlas.budget_left(uuid) is
  'What answers may still cost this user today, in millionths of a dollar: 0 stops them, null is no limit.';

create or replace function atlas.close_account() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  month date;
begin
  perform set_config('atlas.writing', old.user_id::text, true);
  for month in select d.month from atlas.months d where d.user_id = old.user_id loop
    execute format('delete from atlas.messages m where m.user_id = $1 and %s', atlas.in_month(month)) using old.user_id;
  end loop;
  delete from atlas.usage_logs l where l.user_id = old.user_id;
  perform set_config('atlas.writing', '', true);
  return old;
end
$$;

revoke all on function
  atlas.week_tables(), atlas.make_week(date), atlas.cover_weeks(date), atlas.drop_weeks(date), atlas.count_usage(),
  atlas.recount_usage(uuid), atlas.budget_left(uuid)
from public, anon, authenticated, service_role;
