create table atlas.restored_heads (
  epoch text not null references atlas.epochs (epoch) on delete cascade,
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  seq bigint not null,
  primary key (user_id, epoch)
);
comment on table atlas.restored_heads is 'Where the head of each user stood when an epoch was opened after a restore.';
comment on column atlas.restored_heads.seq is 'The seq that his data of this life began from.';
alter table atlas.restored_heads enable row level security;
alter table atlas.restored_heads force row level security;
revoke all on atlas.restored_heads from public, anon, authenticated, service_role;
grant select on atlas.restored_heads to atlas_api;
create policy "sync reads its user's restored heads" on atlas.restored_heads for select to atlas_api
  using (user_id = (select atlas.caller()));

create function atlas.epochs_of(me uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object('epoch', e.epoch, 'from', coalesce(r.seq, e.from_seq)) order by e.place)
  from atlas.epochs e left join atlas.restored_heads r on r.user_id = me and r.epoch = e.epoch
$$;
comment on function atlas.epochs_of(uuid) is 'Every epoch there was, oldest first, with the seq that the data of this user began from.';

create function atlas.note_device(me uuid, device text) returns void
language plpgsql set search_path = ''
as $$
declare
  today constant date := (now() at time zone 'UTC')::date;
begin
  -- Not worth waiting for a writer: the next request notes it.
  perform from atlas.heads h where h.user_id = me for no key update skip locked;
  if found then
    perform atlas.see_device(me, device);
    update atlas.heads h set seen_on = today, seen = atlas.seen_today(h, device, today) where h.user_id = me;
  end if;
end
$$;
comment on function atlas.note_device(uuid, text) is 'Notes the first visit of a device on a day.';

create function atlas.seen_today(h atlas.heads, device text, today date) returns text[]
language sql immutable
as $$
  select case
    when h.seen_on is distinct from today or cardinality(h.seen) >= 100 then array[device]
    when device = any (h.seen) then h.seen
    else h.seen || device end
$$;
comment on function atlas.seen_today(atlas.heads, text, date) is 'The devices seen on this day, with this one.';

-- Plans that fit any user are made once a session; those that depend on the month are made for it by execute.
create or replace function public.sync(request jsonb) returns jsonb
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  me uuid;
  size constant integer := pg_column_size(request);
  moment constant timestamptz := clock_timestamp();
  problem text;
  account record;
  held record;
  head bigint;
  wait integer;
  results jsonb := '[]';
  stand jsonb;
  changes jsonb := '[]';
  more boolean := false;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to sync.');
  end if;
  if size > 8000000 then
    return atlas.refuse(413, 'too-large', 'The request is too large.');
  end if;
  if coalesce(jsonb_typeof(request), '') <> 'object' or coalesce(jsonb_typeof(request -> 'v'), '') <> 'number' then
    return atlas.refuse(400, 'bad-request', 'Not a sync request.');
  end if;
  if request -> 'v' <> '1'::jsonb then
    return atlas.refuse(426, 'too-old', 'This version of the app cannot sync with this server.');
  end if;
  problem := atlas.request_problem(request);
  if problem is not null then
    return atlas.refuse(400, 'bad-request', problem);
  end if;

  select h.seq, h.tier, s.epoch, s.tiers -> h.tier as rules,
    case when s.stretched_until > moment then s.stretch else 1 end as stretch,
    h.seen_on = (moment at time zone 'UTC')::date and h.seen @> array[request ->> 'device'] as seen_today
  into account
  from atlas.heads h cross join atlas.state s
  where h.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  if account.rules -> 'cloud' <> 'true'::jsonb then
    return atlas.refuse(403, 'tier', 'This account keeps conversations on the device only.');
  end if;
  if jsonb_array_length(request -> 'ops') > (account.rules ->> 'max_ops')::integer then
    return atlas.refuse(413, 'too-large', format('At most %s changes in one request.', account.rules ->> 'max_ops'));
  end if;
  if request ->> 'epoch' <> account.epoch then
    return atlas.answer('reset', account.epoch, jsonb_build_object('epochs', atlas.epochs_of(me)));
  end if;

  head := account.seq;
  if request -> 'ops' <> '[]'::jsonb then
    if left(atlas.highest_clock(request -> 'ops'), 15)::bigint > atlas.ms(clock_timestamp()) + 5000 then
      return atlas.answer('clock', account.epoch, '{}');
    end if;
    begin
      select h.seq,
        greatest(h.pushes_until, moment) + interval '1 minute' / (account.rules ->> 'pushes_per_minute')::integer as pushes_until,
        greatest(h.bytes_until, moment) + interval '1 minute' * (size / (account.rules ->> 'bytes_per_minute')::double precision)
          as bytes_until
      into held
      from atlas.heads h where h.user_id = me for no key update;
      if not found then
        return atlas.refuse(410, 'gone', 'This account was deleted.');
      end if;
      wait := ceil(extract(epoch from greatest(held.pushes_until, held.bytes_until) - moment) - 60);
      if wait > 0 then
        return atlas.refuse(429, 'throttled', 'Too many changes at once: the rest can follow in a moment.', wait);
      end if;
      begin
        select p.head, p.results into head, results from atlas.push(me, request -> 'ops', held.seq) p;
        perform atlas.see_device(me, request ->> 'device');
      exception
        -- What this block wrote is undone; what was sent is not repeated, neither to the device nor in a log.
        when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
          raise;
        when others then
          raise log 'sync could not apply a request: %', sqlstate;
          head := null;
      end;
      update atlas.heads h set
        seq = coalesce(head, h.seq), pushes_until = held.pushes_until, bytes_until = held.bytes_until,
        seen_on = (moment at time zone 'UTC')::date,
        seen = atlas.seen_today(h, request ->> 'device', (moment at time zone 'UTC')::date)
      where h.user_id = me;
    exception
      when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
        return atlas.refuse(503, 'busy', 'The server is busy.', 5);
    end;
    if head is null then
      return atlas.refuse(400, 'bad-request', 'The changes could not be applied.');
    end if;
  elsif not coalesce(account.seen_today, false) then
    perform atlas.note_device(me, request ->> 'device');
  end if;

  stand := request -> 'cursor';
  if stand is distinct from jsonb_build_object('seq', head, 'floor', null) then
    select p.stand, p.changes, p.more into stand, changes, more
    from atlas.pull(me, head, least((request ->> 'limit')::numeric, (account.rules ->> 'max_pull')::integer)::integer, results, stand) p;
  end if;
  if request -> 'reports' <> '[]'::jsonb and (request -> 'ops' <> '[]'::jsonb or changes <> '[]'::jsonb) then
    perform atlas.keep_reports(me, request ->> 'device', request -> 'reports');
  end if;

  -- As atlas.answer does, but without taking a large answer in hand twice.
  return jsonb_build_object(
    'is', 'synced', 'v', 1, 'epoch', account.epoch, 'time', atlas.ms(clock_timestamp()),
    'results', results, 'changes', changes, 'cursor', stand, 'more', more,
    'policy', jsonb_build_object(
      'tier', account.tier, 'interval', (account.rules ->> 'interval_seconds')::integer * account.stretch,
      'maxOps', account.rules -> 'max_ops', 'maxPull', account.rules -> 'max_pull'));
end
$$;

revoke all on function
  atlas.epochs_of(uuid), atlas.note_device(uuid, text), atlas.seen_today(atlas.heads, text, date)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.epochs_of(uuid), atlas.note_device(uuid, text), atlas.seen_today(atlas.heads, text, date)
to atlas_api;
