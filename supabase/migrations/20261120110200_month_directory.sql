create table atlas.months (
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  month date not null,
  lowest bigint not null,
  highest bigint not null check (highest >= lowest),
  primary key (user_id, month)
);
create index months_by_highest on atlas.months (user_id, highest);

comment on table atlas.months is
  'Which months a user has messages in, so that only their partitions are read. A directory: it may say too much, never too little.';
comment on column atlas.months.month is 'The month by the id of the messages; -infinity and infinity for wild clocks.';
comment on column atlas.months.lowest is 'No message of this month has or had a lower seq or pos.';
comment on column atlas.months.highest is
  'No message of this month has a higher seq or pos. The greatest number for the month that it is: open, written once.';

alter table atlas.months enable row level security;
alter table atlas.months force row level security;
revoke all on atlas.months from public, anon, authenticated, service_role;
grant select, insert, update on atlas.months to atlas_api;
create policy "sync handles its user's months" on atlas.months to atlas_api
  using (user_id = (select atlas.caller()));

create function atlas.note_months(me uuid, ids uuid[], seqs bigint[]) returns void
language plpgsql set search_path = ''
as $$
declare
  open constant bigint := 9223372036854775807;
  current constant date := atlas.this_month();
  opened boolean;
begin
  if not exists (
    select from unnest(ids, seqs) as w (id, seq)
    left join atlas.months k on k.user_id = me and k.month = atlas.month_of(w.id)
    where k.month is null or k.lowest > w.seq or k.highest < w.seq
  ) then
    return;
  end if;
  with touched as (
    select atlas.month_of(w.id) as month, min(w.seq) as lowest, max(w.seq) as highest
    from unnest(ids, seqs) as w (id, seq) group by 1
  ),
  noted as (
    insert into atlas.months as m (user_id, month, lowest, highest)
    select me, t.month, t.lowest, case when t.month = current then open else t.highest end
    from touched t
    where not exists (
      select from atlas.months k
      where k.user_id = me and k.month = t.month and k.lowest <= t.lowest and k.highest >= t.highest)
    on conflict (user_id, month)
      do update set lowest = least(m.lowest, excluded.lowest), highest = greatest(m.highest, excluded.highest)
    returning m.month
  )
  select bool_or(noted.month = current) into opened from noted;
  if opened then
    update atlas.months m set highest = greatest(m.lowest, (select max(w.seq) from unnest(seqs) as w (seq)))
    where m.user_id = me and m.highest = open and m.month <> current;
  end if;
end
$$;
comment on function atlas.note_months(uuid, uuid[], bigint[]) is
  'Notes the months of messages written at these seqs; nothing is written while they are known. Whoever calls holds the head.';

create function atlas.rebuild_months(me uuid default null) returns void
language sql set search_path = ''
as $$
  insert into atlas.months as d (user_id, month, lowest, highest)
  select m.user_id, atlas.month_of(m.id), min(m.pos), greatest(max(m.seq), max(m.pos))
  from atlas.messages m
  where me is null or m.user_id = me
  group by 1, 2
  on conflict (user_id, month)
    do update set lowest = least(d.lowest, excluded.lowest), highest = greatest(d.highest, excluded.highest)
$$;
comment on function atlas.rebuild_months(uuid) is
  'Notes the months of every message of a user, or of all, after rows were brought in by a way around the triggers.';

create function atlas.messages_of(months date[]) returns text
language plpgsql stable set search_path = ''
as $$
declare
  month date;
  name text;
  parts text := null;
begin
  -- A month keeps its table wherever that hangs; without one its rows lie where the planner finds them at that moment.
  foreach month in array coalesce(months, '{}') loop
    name := 'atlas.messages_' || to_char(month::timestamp, 'YYYY_MM');
    parts := concat_ws(' union all ', parts, case when to_regclass(name) is not null then 'select * from ' || name
      else 'select * from atlas.messages where ' || atlas.in_month(month) end);
  end loop;
  return parts;
end
$$;
comment on function atlas.messages_of(date[]) is
  'A query of the messages of these months, for a statement that is planned at that moment: nothing else is locked or planned.';

revoke all on function
  atlas.note_months(uuid, uuid[], bigint[]), atlas.rebuild_months(uuid), atlas.messages_of(date[])
from public, anon, authenticated, service_role;
grant execute on function atlas.note_months(uuid, uuid[], bigint[]), atlas.messages_of(date[]) to atlas_api;

select atlas.rebuild_months();
