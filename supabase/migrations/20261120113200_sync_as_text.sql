-- The answer as text: see pages. On the wire it is the same.

drop function public.sync(jsonb);
create function atlas.sync(request jsonb) returns json
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
  changes json := '[]';
  more boolean := false;
  alone boolean := false;
  most integer;
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
        alone := held.seq = account.seq;
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
  most := least((request ->> 'limit')::numeric, (account.rules ->> 'max_pull')::integer);
  if stand = jsonb_build_object('seq', head, 'floor', null) then
    null;
  elsif alone and head - account.seq < least(most, 31) and stand = jsonb_build_object('seq', account.seq, 'floor', null) then
    -- All that is new is of this request, and its messages are in the results.
    changes := atlas.few_between(me, account.seq, head, false, results, null);
    stand := jsonb_build_object('seq', head, 'floor', null);
  else
    select p.stand, p.changes, p.more into stand, changes, more
    from atlas.pull_page(me, head, most, results, stand) p;
  end if;
  if request -> 'reports' <> '[]'::jsonb and (request -> 'ops' <> '[]'::jsonb or changes::text <> '[]') then
    perform atlas.keep_reports(me, request ->> 'device', request -> 'reports');
  end if;

  -- As atlas.answer does, but without taking a large answer in hand twice.
  return json_build_object(
    'is', 'synced', 'v', 1, 'epoch', account.epoch, 'time', atlas.ms(clock_timestamp()),
    'results', results, 'changes', changes, 'cursor', stand, 'more', more,
    'policy', json_build_object(
      'tier', account.tier, 'interval', (account.rules ->> 'interval_seconds')::integer * account.stretch,
      'maxOps', account.rules -> 'max_ops', 'maxPull', account.rules -> 'max_pull'));
end
$$;
comment on function atlas.sync(jsonb) is
  'One request of a device: applies what it wrote, answers with what changed since its cursor. docs/protocol.md is its contract.';

-- Given away and then moved: atlas_api never may create anything in public.
grant create on schema atlas to atlas_api;
alter function atlas.sync(jsonb) owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.sync(jsonb) set schema public;

revoke all on function public.sync(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.sync(jsonb) to authenticated;
