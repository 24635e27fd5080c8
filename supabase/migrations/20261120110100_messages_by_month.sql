-- Messages by month through their id: one id exists once, whatever the month. All hang on atlas.messages, the old ones
-- by way of atlas.archived_messages; what has no month of its own lies in messages_before or messages_after.

alter table atlas.messages rename to messages_unparted;
alter table atlas.messages_unparted rename constraint messages_pkey to messages_unparted_pkey;
alter index atlas.messages_by_seq rename to messages_unparted_by_seq;
alter index atlas.messages_by_place rename to messages_unparted_by_place;

-- No foreign keys: taking a month off or on would lock the tables they point to. Who writes holds the head, and the
-- guards see to it that a message has its conversation and goes with it.
create table atlas.messages (
  user_id uuid not null,
  id uuid not null,
  seq bigint not null check (seq > 0),
  origin text not null check (origin in ('live', 'import', 'backfill')),
  conversation uuid not null,
  role text not null check (role in ('user', 'assistant')),
  parent uuid,
  attempt integer not null check (attempt between 0 and 1000),
  text text not null,
  text_clock atlas.clock not null,
  pos bigint not null,
  received_at timestamptz not null,
  tokens integer not null default 0 check (tokens >= 0),
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  primary key (user_id, id)
) partition by range (id);
create index messages_by_seq on atlas.messages (user_id, seq);
create index messages_by_place on atlas.messages (user_id, conversation, pos);

comment on table atlas.messages is
  'Messages, a partition for each month of their ids. Their text has a clock; the rest is fixed when they are made.';
comment on column atlas.messages.pos is 'Place in the conversation: the seq at insert, not changed by edits.';
comment on column atlas.messages.parent is 'The message it follows; branches of a conversation have the same parent.';
comment on column atlas.messages.attempt is 'Which try at an answer this is; 0 for what people write.';
comment on column atlas.messages.tokens is 'Tokens that making this answer took, question and context included; 0 for what people write.';
comment on column atlas.messages.cost_micros is 'What they cost, in millionths of a dollar, as estimated.';

create table atlas.archived_messages (like atlas.messages including defaults including constraints including indexes)
partition by range (id);
comment on table atlas.archived_messages is
  'The months of messages that are older than a year, and all before. A partition of messages: nothing is read or written by it.';

create function atlas.refuse_partition_write() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'Write to atlas.% and not to a partition of it.', tg_argv[0] using errcode = 'wrong_object_type';
end
$$;
comment on function atlas.refuse_partition_write() is
  'Keeps writers away from partitions: usage and statistics are kept by triggers of the whole table.';

create function atlas.dress_partition(name text, parent text, about text, bounds text) returns void
language plpgsql set search_path = ''
as $$
begin
  execute format('alter table atlas.%I enable row level security', name);
  execute format('alter table atlas.%I force row level security', name);
  execute format('revoke all on atlas.%I from public, anon, authenticated, service_role', name);
  execute format('comment on table atlas.%I is %L', name, about);
  if bounds is not null then
    -- The same as its bounds: what implies them spares reading the rows when it is attached elsewhere.
    execute format('alter table atlas.%I add constraint bounds check (%s)', name, bounds);
    execute format(
      'create trigger refuse_partition_write before insert or update or delete or truncate on atlas.%I for each statement
       when (coalesce(current_setting(''atlas.writing'', true), '''') <> ''partitions'')
       execute function atlas.refuse_partition_write(%L)', name, parent);
  end if;
  if parent = 'messages' then
    execute format('grant select on atlas.%I to atlas_api', name);
    execute format(
      'create policy "sync reads its user''s messages" on atlas.%I for select to atlas_api
       using (user_id = (select atlas.caller()))', name);
  end if;
end
$$;
comment on function atlas.dress_partition(text, text, text, text) is
  'Gives a new partition its row level security, its check and its refusal of direct writes.';

create function atlas.month_table(month date) returns text
language sql immutable
as $$
  select 'messages_' || to_char(month::timestamp, 'YYYY_MM')
$$;
comment on function atlas.month_table(date) is 'The name of the partition of a month, whether it exists or not.';

create function atlas.month_tables(parent regclass) returns setof date
language sql stable set search_path = ''
as $$
  select to_date(right(c.relname, 7), 'YYYY_MM') as month
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = parent and c.relname ~ '^messages_[0-9]{4}_[0-9]{2}$'
  order by month
$$;
comment on function atlas.month_tables(regclass) is 'The months that have a partition of their own under this table, in order.';

create function atlas.make_month(month date, parent text) returns void
language plpgsql set search_path = ''
as $$
declare
  name constant text := atlas.month_table(month);
begin
  execute format('create table atlas.%I partition of atlas.%I for values from (%L) to (%L)', name, parent,
    atlas.first_id(month), atlas.first_id((month + interval '1 month')::date));
  perform atlas.dress_partition(name, 'messages', 'Messages of ' || to_char(month::timestamp, 'YYYY-MM') || '.',
    atlas.in_month(month));
end
$$;
comment on function atlas.make_month(date, text) is 'Makes the partition of a month, dressed.';

create function atlas.cover_months(first date, last date) returns integer
language plpgsql set search_path = '' set lock_timeout = '200ms'
as $$
declare
  lowest constant date := least(
    (select min(m) from atlas.month_tables('atlas.archived_messages') m),
    (select min(m) from atlas.month_tables('atlas.messages') m));
  above constant date := (select max(m) + interval '1 month' from atlas.month_tables('atlas.messages') m);
  month date;
  made integer := 0;
begin
  if first >= lowest and last < above then
    return 0;
  end if;
  lock table atlas.messages in access exclusive mode;
  perform set_config('atlas.writing', 'partitions', true);
  if last >= above then
    alter table atlas.messages detach partition atlas.messages_after;
    for month in select m::date from generate_series(above::timestamp, last, interval '1 month') m loop
      perform atlas.make_month(month, 'messages');
      execute format(
        'with moved as (delete from atlas.messages_after where %s returning *) insert into atlas.%I select * from moved',
        atlas.in_month(month), atlas.month_table(month));
      made := made + 1;
    end loop;
    alter table atlas.messages_after drop constraint bounds;
    execute format('alter table atlas.messages_after add constraint bounds check (id >= %L)',
      atlas.first_id((month + interval '1 month')::date));
    execute format('alter table atlas.messages attach partition atlas.messages_after for values from (%L) to (maxvalue)',
      atlas.first_id((month + interval '1 month')::date));
  end if;
  if first < lowest then
    alter table atlas.archived_messages detach partition atlas.messages_before;
    for month in select m::date from generate_series(first::timestamp, lowest - 1, interval '1 month') m loop
      perform atlas.make_month(month, 'archived_messages');
      execute format(
        'with moved as (delete from atlas.messages_before where %s returning *) insert into atlas.%I select * from moved',
        atlas.in_month(month), atlas.month_table(month));
      made := made + 1;
    end loop;
    alter table atlas.messages_before drop constraint bounds;
    execute format('alter table atlas.messages_before add constraint bounds check (id < %L)', atlas.first_id(first));
    execute format(
      'alter table atlas.archived_messages attach partition atlas.messages_before for values from (minvalue) to (%L)',
      atlas.first_id(first));
  end if;
  perform set_config('atlas.writing', '', true);
  return made;
end
$$;
comment on function atlas.cover_months(date, date) is
  'Makes the months that are missing between these two and those there are, without a gap; gives their number. Gives up rather than wait.';

create function atlas.archive_months(before date) returns integer
language plpgsql set search_path = '' set lock_timeout = '200ms'
as $$
declare
  month date;
  moved integer := 0;
begin
  if not exists (select from atlas.month_tables('atlas.messages') m where m < before) then
    return 0;
  end if;
  lock table atlas.messages in access exclusive mode;
  alter table atlas.messages detach partition atlas.archived_messages;
  for month in select m from atlas.month_tables('atlas.messages') m where m < before loop
    execute format('alter table atlas.messages detach partition atlas.%I', atlas.month_table(month));
    execute format('alter table atlas.archived_messages attach partition atlas.%I for values from (%L) to (%L)',
      atlas.month_table(month), atlas.first_id(month), atlas.first_id((month + interval '1 month')::date));
    moved := moved + 1;
  end loop;
  execute format('alter table atlas.messages attach partition atlas.archived_messages for values from (minvalue) to (%L)',
    atlas.first_id((month + interval '1 month')::date));
  return moved;
end
$$;
comment on function atlas.archive_months(date) is
  'Hangs the months before this one under the archive, without reading or changing a row; gives their number. Gives up rather than wait.';

revoke all on function
  atlas.refuse_partition_write(), atlas.dress_partition(text, text, text, text), atlas.month_table(date),
  atlas.month_tables(regclass), atlas.make_month(date, text), atlas.cover_months(date, date), atlas.archive_months(date)
from public, anon, authenticated, service_role;
grant execute on function atlas.month_table(date) to atlas_api;

alter table atlas.messages enable row level security;
alter table atlas.messages force row level security;
revoke all on atlas.messages from public, anon, authenticated, service_role;
grant select, insert, update, delete on atlas.messages to atlas_api;
create policy "sync handles its user's messages" on atlas.messages to atlas_api
  using (user_id = (select atlas.caller()));
select atlas.dress_partition('archived_messages', 'archived_messages',
  obj_description('atlas.archived_messages'::regclass, 'pg_class'), null);

-- From a year ago, or from the first message there is, to three months ahead.
do $$
declare
  month constant date := (atlas.this_month() - interval '12 months')::date;
  first uuid := atlas.first_id(month);
begin
  execute format(
    'create table atlas.messages_before partition of atlas.archived_messages for values from (minvalue) to (%L)', first);
  perform atlas.dress_partition('messages_before', 'messages', 'Messages with an id of before all months.',
    format('id < %L', first));
  execute format(
    'alter table atlas.messages attach partition atlas.archived_messages for values from (minvalue) to (%L)', first);
  perform atlas.make_month(month, 'messages');
  first := atlas.first_id((month + interval '1 month')::date);
  execute format('create table atlas.messages_after partition of atlas.messages for values from (%L) to (maxvalue)', first);
  perform atlas.dress_partition('messages_after', 'messages', 'Messages with an id of after all months.',
    format('id >= %L', first));
  perform atlas.cover_months(
    least(month, (select min(atlas.month_of(m.id)) from atlas.messages_unparted m where m.id >= atlas.first_id('2020-01-01'))),
    (atlas.this_month() + interval '3 months')::date);
end
$$;

drop function atlas.message_row(atlas.messages_unparted);
insert into atlas.messages (
  user_id, id, seq, origin, conversation, role, parent, attempt, text, text_clock, pos, received_at
)
select user_id, id, seq, origin, conversation, role, parent, attempt, text, text_clock, pos, received_at
from atlas.messages_unparted;
drop table atlas.messages_unparted;

create function atlas.message_row(
  id uuid, seq bigint, text_clock text, conversation uuid, role text, parent uuid, attempt integer, said text, pos bigint,
  received_at timestamptz
) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'kind', 'message', 'id', id, 'seq', seq,
    'clocks', jsonb_build_object('text', text_clock),
    'conversation', conversation, 'role', role, 'parent', parent, 'attempt', attempt,
    'text', said,
    'pos', pos, 'at', floor(extract(epoch from received_at) * 1000)::bigint
  )
$$;
comment on function atlas.message_row(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz) is
  'A message as the wire says it.';
revoke all on function atlas.message_row(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function atlas.message_row(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz)
to atlas_api;

-- Stable, which they are, so that a query takes them in instead of calling them for each row.
create or replace function atlas.ms(moment timestamptz) returns bigint
language sql stable
as $$
  select floor(extract(epoch from moment) * 1000)::bigint
$$;
create or replace function atlas.conversation_row(c atlas.conversations) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'kind', 'conversation', 'id', c.id, 'seq', c.seq,
    'clocks', jsonb_build_object('title', c.title_clock, 'trashed', c.trashed_clock),
    'title', c.title, 'trashed', c.trashed,
    'activity', c.activity, 'at', floor(extract(epoch from c.active_at) * 1000)::bigint, 'count', c.message_count,
    'preview', c.last_message_preview, 'trashedAt', floor(extract(epoch from c.trashed_at) * 1000)::bigint
  )
$$;
