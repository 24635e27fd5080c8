create function atlas.purge_trash(before timestamptz, most integer) returns integer
language plpgsql set search_path = ''
as $$
declare
  owner record;
  ids uuid[];
  head bigint;
  purged integer := 0;
begin
  for owner in
    select distinct t.user_id from (
      select c.user_id from atlas.conversations c where c.trashed and c.trashed_at < before order by c.trashed_at limit most) t
  loop
    -- Who is writing right now is served the next time.
    perform from atlas.heads h where h.user_id = owner.user_id for no key update skip locked;
    continue when not found;
    head := atlas.open_head(owner.user_id);
    select array_agg(t.id) into ids from (
      select c.id from atlas.conversations c
      where c.user_id = owner.user_id and c.trashed and c.trashed_at < before order by c.trashed_at limit most) t;
    if ids is not null then
      insert into atlas.tombstones (user_id, id, kind, seq)
      select owner.user_id, g.id, 'conversation', head + g.nth from unnest(ids) with ordinality as g (id, nth);
      perform atlas.remove_conversations(owner.user_id, ids);
      head := head + cardinality(ids);
      purged := purged + cardinality(ids);
    end if;
    perform atlas.close_head(owner.user_id, head);
  end loop;
  return purged;
end
$$;
comment on function atlas.purge_trash(timestamptz, integer) is
  'Purges conversations whose trashing was received before this moment, leaving tombstones; gives their number.';
create index conversations_in_trash on atlas.conversations (trashed_at) where trashed;
create index devices_by_visit on atlas.devices (last_seen);

create function atlas.change_partitions() returns jsonb
language plpgsql set search_path = ''
as $$
declare
  today constant date := (now() at time zone 'UTC')::date;
  done jsonb;
begin
  -- A table is taken off or on within a moment or not at all: nobody waits behind a lock that is not to be had.
  for try in 1..5 loop
    begin
      done := jsonb_build_object(
        'months', atlas.cover_months((select min(m) from atlas.month_tables('atlas.messages') m),
          (atlas.this_month() + interval '3 months')::date),
        'archived', atlas.archive_months(date_trunc('month', today - interval '1 year')::date),
        'weeks', atlas.cover_weeks(today + 91),
        'dropped', atlas.drop_weeks(today - 400));
      return done;
    exception when lock_not_available or deadlock_detected then
      perform pg_sleep(0.1 * try * (0.5 + random()));
    end;
  end loop;
  return '{"busy": true}';
end
$$;
comment on function atlas.change_partitions() is
  'Months and weeks for the next three months, months older than a year to the archive, weeks older than 400 days away; says what was done.';

create function atlas.maintain() returns jsonb
language plpgsql set search_path = ''
as $$
declare
  most constant integer := 1000;
  partitions jsonb;
  purged integer;
  devices integer;
  reports integer;
  answers integer;
begin
  if not pg_try_advisory_xact_lock(4321, 3) then
    return '{"busy": true}';
  end if;
  -- What locks whole tables has a transaction of its own, so that it keeps them for a moment only.
  partitions := atlas.change_partitions();
  if partitions <> '{"months": 0, "archived": 0, "weeks": 0, "dropped": 0}' then
    return partitions || '{"more": true}';
  end if;
  purged := atlas.purge_trash(now() - interval '30 days', 100);
  delete from atlas.devices d where (d.user_id, d.device) in (
    select o.user_id, o.device from atlas.devices o where o.last_seen < now() - interval '400 days' limit most);
  get diagnostics devices = row_count;
  delete from atlas.sync_reports r where r.id in (
    select o.id from atlas.sync_reports o where o.received_at < now() - interval '30 days' order by o.received_at limit 10 * most);
  get diagnostics reports = row_count;
  delete from atlas.response_cache c where (c.question, c.tier) in (
    select o.question, o.tier from atlas.response_cache o where o.expires_at < now() limit most);
  get diagnostics answers = row_count;
  return partitions || jsonb_build_object(
    'purged', purged, 'devices', devices, 'reports', reports, 'answers', answers,
    'more', purged >= 100 or devices = most or reports = 10 * most or answers = most);
end
$$;
comment on function atlas.maintain() is
  'What has to be done from time to time, a piece at a call: partitions, archive, trash, what is old. Says what it did and whether there is more.';

revoke all on function
  atlas.purge_trash(timestamptz, integer), atlas.change_partitions(), atlas.maintain()
from public, anon, authenticated, service_role;
