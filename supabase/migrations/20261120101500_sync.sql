create function atlas.refuse(status integer, code text, message text, retry_after integer default null) returns jsonb
language plpgsql set search_path = ''
as $$
begin
  perform set_config('response.status', status::text, true);
  return jsonb_strip_nulls(jsonb_build_object(
    'is', 'refused', 'code', code, 'message', message, 'retryAfter', retry_after, 'time', atlas.ms(clock_timestamp())));
end
$$;
comment on function atlas.refuse(integer, text, text, integer) is
  'The answer to a request that is not served. Answered and not raised, so that what was written before it stays.';

create function atlas.answer(kind text, epoch text, more jsonb) returns jsonb
language sql volatile
as $$
  select jsonb_build_object('is', kind, 'v', 1, 'epoch', epoch, 'time', atlas.ms(clock_timestamp())) || more
$$;
comment on function atlas.answer(text, text, jsonb) is 'An answer with what every answer has.';

create function atlas.see_device(me uuid, seen text) returns void
language sql
as $$
  insert into atlas.devices (user_id, device) values (me, seen)
  on conflict (user_id, device) do update set last_seen = now()
$$;
comment on function atlas.see_device(uuid, text) is 'Notes that a device was here.';

create function atlas.sync(request jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid;
  problem text;
  account record;
  head bigint;
  results jsonb := '[]';
  stand jsonb;
  changes jsonb;
  more boolean;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to sync.');
  end if;
  if pg_column_size(request) > 8000000 then
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

  select p.tier, t.cloud, t.interval_seconds, t.max_ops, t.max_pull, h.seq, e.epoch,
    d.last_seen > now() - interval '1 day' as seen_lately
  into account
  from atlas.profiles p
  join atlas.tiers t on t.tier = p.tier
  join atlas.heads h on h.user_id = p.user_id
  cross join (select l.epoch from atlas.epochs l order by l.place desc limit 1) e
  left join atlas.devices d on d.user_id = p.user_id and d.device = request ->> 'device'
  where p.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  if not account.cloud then
    return atlas.refuse(403, 'tier', 'This account keeps conversations on the device only.');
  end if;
  if jsonb_array_length(request -> 'ops') > account.max_ops then
    return atlas.refuse(413, 'too-large', format('At most %s changes in one request.', account.max_ops));
  end if;
  if request ->> 'epoch' <> account.epoch then
    return atlas.answer('reset', account.epoch, jsonb_build_object('epochs', (
      select jsonb_agg(jsonb_build_object('epoch', e.epoch, 'from', e.from_seq) order by e.place) from atlas.epochs e)));
  end if;

  head := account.seq;
  if request -> 'ops' <> '[]'::jsonb then
    if left(atlas.highest_clock(request -> 'ops'), 15)::bigint > atlas.ms(clock_timestamp()) + 5000 then
      return atlas.answer('clock', account.epoch, '{}');
    end if;
    begin
      select h.seq into head from atlas.heads h where h.user_id = me for no key update;
      if not found then
        return atlas.refuse(410, 'gone', 'This account was deleted.');
      end if;
      select p.head, p.results into head, results from atlas.push(me, request -> 'ops', head) p;
      perform atlas.see_device(me, request ->> 'device');
    exception
      -- What this block wrote is undone; what was sent is not repeated, neither to the device nor in a log.
      when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
        return atlas.refuse(503, 'busy', 'The server is busy.', 5);
      when others then
        raise log 'sync could not apply a request: %', sqlstate;
        return atlas.refuse(400, 'bad-request', 'The changes could not be applied.');
    end;
  elsif not coalesce(account.seen_lately, false) then
    perform atlas.see_device(me, request ->> 'device');
  end if;

  select p.stand, p.changes, p.more into stand, changes, more
  from atlas.pull(me, head, least((request ->> 'limit')::numeric, account.max_pull)::integer, results, request -> 'cursor') p;

  return atlas.answer('synced', account.epoch, jsonb_build_object(
    'results', results, 'changes', changes, 'cursor', stand, 'more', more,
    'policy', jsonb_build_object(
      'tier', account.tier, 'interval', account.interval_seconds,
      'maxOps', account.max_ops, 'maxPull', account.max_pull)));
end
$$;
comment on function atlas.sync(jsonb) is
  'One request of a device: applies what it wrote, answers with what changed since its cursor. docs/protocol.md is its contract.';

revoke all on function
  atlas.refuse(integer, text, text, integer), atlas.answer(text, text, jsonb), atlas.see_device(uuid, text)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.refuse(integer, text, text, integer), atlas.answer(text, text, jsonb), atlas.see_device(uuid, text)
to atlas_api;

-- Giving a function away takes, at that moment, that the new owner may create in its schema: so it is given away here
-- and then moved, and atlas_api never may create anything in public.
grant create on schema atlas to atlas_api;
alter function atlas.sync(jsonb) owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.sync(jsonb) set schema public;

revoke all on function public.sync(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.sync(jsonb) to authenticated;
