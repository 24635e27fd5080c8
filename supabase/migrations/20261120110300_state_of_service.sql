-- An idle request reads two rows: the head of its user and the state of the service. Both are copies kept by triggers of
-- what has its place elsewhere.

alter table atlas.tiers
  add column pushes_per_minute integer not null default 1200 check (pushes_per_minute >= 1),
  add column bytes_per_minute integer not null default 128000000 check (bytes_per_minute >= 8000000),
  add column daily_budget_micros bigint check (daily_budget_micros >= 0);
comment on column atlas.tiers.cloud is 'Whether it syncs at all.';
comment on column atlas.tiers.interval_seconds is 'Seconds between two polls of an open app, before load stretches them.';
comment on column atlas.tiers.max_ops is 'Changes in one request.';
comment on column atlas.tiers.max_pull is 'Rows in one answer.';
comment on column atlas.tiers.pushes_per_minute is 'Requests with changes that a user may make; as many at once, then so many a minute.';
comment on column atlas.tiers.bytes_per_minute is 'Their bytes as the database counts them, likewise.';
comment on column atlas.tiers.daily_budget_micros is 'What answers may cost a user in a day, in millionths of a dollar; null: no limit.';

create table atlas.state (
  only_row boolean primary key default true check (only_row),
  epoch text not null,
  tiers jsonb not null,
  stretch integer not null default 1 check (stretch >= 1),
  stretched_until timestamptz not null default '-infinity'
);
comment on table atlas.state is 'What every request needs to know of the whole service, in one row.';
comment on column atlas.state.epoch is 'The current epoch, from atlas.epochs.';
comment on column atlas.state.tiers is 'The rows of atlas.tiers by name.';
comment on column atlas.state.stretch is 'How many times longer the intervals are under load, from atlas.note_load.';
comment on column atlas.state.stretched_until is 'Until when that holds if nobody says it again.';

insert into atlas.state (epoch, tiers)
select (select e.epoch from atlas.epochs e order by e.place desc limit 1),
  (select jsonb_object_agg(t.tier, to_jsonb(t)) from atlas.tiers t);

create function atlas.copy_epoch() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update atlas.state s set epoch = e.epoch
  from (select l.epoch from atlas.epochs l order by l.place desc limit 1) e where s.only_row;
  return null;
end
$$;
comment on function atlas.copy_epoch() is 'Keeps the current epoch in the state of the service.';
create trigger copy_epoch after insert or update or delete on atlas.epochs
for each statement execute function atlas.copy_epoch();

create function atlas.copy_tiers() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update atlas.state s set tiers = (select jsonb_object_agg(t.tier, to_jsonb(t)) from atlas.tiers t) where s.only_row;
  return null;
end
$$;
comment on function atlas.copy_tiers() is 'Keeps the tiers in the state of the service.';
create trigger copy_tiers after insert or update or delete on atlas.tiers
for each statement execute function atlas.copy_tiers();

alter table atlas.state enable row level security;
alter table atlas.state force row level security;
revoke all on atlas.state from public, anon, authenticated, service_role;
grant select on atlas.state to atlas_api;
create policy "sync reads the state of the service" on atlas.state for select to atlas_api using (true);

-- Rewritten with every push: room in the page keeps the indexes as they are.
alter table atlas.heads set (fillfactor = 50);
alter table atlas.heads
  add column tier text,
  add column seen_on date,
  add column seen text[] not null default '{}',
  add column pushes_until timestamptz not null default '-infinity',
  add column bytes_until timestamptz not null default '-infinity';
update atlas.heads h set tier = p.tier from atlas.profiles p where p.user_id = h.user_id;
alter table atlas.heads alter column tier set not null;
comment on column atlas.heads.tier is 'The tier of the profile, copied.';
comment on column atlas.heads.seen_on is 'The day, in UTC, of which seen tells.';
comment on column atlas.heads.seen is 'Devices whose visit was noted that day.';
comment on column atlas.heads.pushes_until is
  'When the pushes so far would be done at the rate of the limit: a minute ahead is full.';
comment on column atlas.heads.bytes_until is 'Likewise for their bytes.';

create function atlas.copy_tier() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update atlas.heads h set tier = new.tier where h.user_id = new.user_id;
  return null;
end
$$;
comment on function atlas.copy_tier() is 'Keeps the tier of a profile in the head of its user.';
create trigger copy_tier after update of tier on atlas.profiles
for each row when (old.tier is distinct from new.tier) execute function atlas.copy_tier();

create or replace function atlas.open_account() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into atlas.profiles (user_id, tier) select new.id, s.default_tier from atlas.settings s;
  insert into atlas.heads (user_id, tier) select p.user_id, p.tier from atlas.profiles p where p.user_id = new.id;
  return null;
end
$$;

create function atlas.guard_head() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'A head never goes back: devices have seen %.', old.seq using errcode = 'check_violation';
end
$$;
comment on function atlas.guard_head() is 'Keeps a seq from being given twice.';
create trigger guard_head before update on atlas.heads
for each row when (new.seq < old.seq) execute function atlas.guard_head();

create function atlas.open_head(me uuid) returns bigint
language plpgsql set search_path = ''
as $$
declare
  head bigint;
begin
  perform atlas.settle_head();
  select h.seq into head from atlas.heads h where h.user_id = me for no key update;
  if head is not null then
    perform set_config('atlas.writing', me::text, true);
  end if;
  return head;
end
$$;
comment on function atlas.open_head(uuid) is
  'Locks the head of a user for writing many rows with seqs of one''s own, above the one it gives; null when there is no such user.';

create function atlas.close_head(me uuid, head bigint) returns void
language plpgsql set search_path = ''
as $$
begin
  update atlas.heads h set seq = close_head.head where h.user_id = me and h.seq <> close_head.head;
  perform set_config('atlas.writing', '', true);
end
$$;
comment on function atlas.close_head(uuid, bigint) is 'Writes the last seq that was taken; from here the guards stamp again.';

create function atlas.take_seq(who uuid) returns bigint
language plpgsql set search_path = ''
as $$
declare
  held constant text := coalesce(current_setting('atlas.taken', true), '');
  seq bigint;
begin
  if split_part(held, ' ', 1) = who::text then
    seq := split_part(held, ' ', 2)::bigint + 1;
  else
    perform atlas.settle_head();
    select h.seq + 1 into seq from atlas.heads h where h.user_id = who for no key update;
  end if;
  if seq is not null then
    perform set_config('atlas.taken', who || ' ' || seq, true);
  end if;
  return seq;
end
$$;
comment on function atlas.take_seq(uuid) is
  'The next seq of a user whose head it locks, for the guards; written to the head at the end of the statement. Null without such a user.';

create function atlas.settle_head() returns void
language plpgsql set search_path = ''
as $$
declare
  held constant text := coalesce(current_setting('atlas.taken', true), '');
begin
  if held <> '' then
    update atlas.heads h set seq = split_part(held, ' ', 2)::bigint
    where h.user_id = split_part(held, ' ', 1)::uuid and h.seq < split_part(held, ' ', 2)::bigint;
    perform set_config('atlas.taken', '', true);
  end if;
end
$$;
comment on function atlas.settle_head() is 'Writes the seqs that the guards have taken to the head.';

revoke all on function
  atlas.copy_epoch(), atlas.copy_tiers(), atlas.copy_tier(), atlas.guard_head(), atlas.open_head(uuid),
  atlas.close_head(uuid, bigint), atlas.take_seq(uuid), atlas.settle_head()
from public, anon, authenticated, service_role;
grant execute on function
  atlas.open_head(uuid), atlas.close_head(uuid, bigint), atlas.take_seq(uuid), atlas.settle_head()
to atlas_api;
