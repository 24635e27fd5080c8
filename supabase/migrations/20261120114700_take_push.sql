-- Any push, whatever is in it: limits, the ops one by one, the head.

create function atlas.take_push(
  me uuid, request jsonb, size integer, moment timestamptz, rules jsonb, seen_today boolean,
  out before bigint, out head bigint, out results jsonb, out refused json
)
language plpgsql
as $$
declare
  held record;
  wait integer;
begin
  select h.seq,
    greatest(h.pushes_until, moment) + interval '1 minute' / (rules ->> 'pushes_per_minute')::integer as pushes_until,
    greatest(h.bytes_until, moment) + interval '1 minute' * (size / (rules ->> 'bytes_per_minute')::double precision)
      as bytes_until
  into held
  from atlas.heads h where h.user_id = me for no key update;
  if not found then
    refused := atlas.refuse(410, 'gone', 'This account was deleted.');
    return;
  end if;
  wait := ceil(extract(epoch from greatest(held.pushes_until, held.bytes_until) - moment) - 60);
  if wait > 0 then
    refused := atlas.refuse(429, 'throttled', 'Too many changes at once: the rest can follow in a moment.', wait);
    return;
  end if;
  before := held.seq;
  begin
    select p.head, p.results into head, results from atlas.push(me, request -> 'ops', before) p;
    if not seen_today then
      perform atlas.see_device(me, request ->> 'device');
    end if;
  exception
    -- What this block wrote is undone; what was sent is not repeated, neither to the device nor in a log.
    when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
      raise;
    when others then
      raise log 'sync could not apply a request: %', sqlstate;
      head := null;
  end;
  -- For those who are told of the change: see atlas.poke.
  perform set_config('atlas.device', request ->> 'device', true);
  update atlas.heads h set
    seq = coalesce(take_push.head, h.seq), pushes_until = held.pushes_until, bytes_until = held.bytes_until,
    -- Without its row, which went with the changes, the device is not seen yet.
    seen_on = case when take_push.head is null then h.seen_on else (moment at time zone 'UTC')::date end,
    seen = case when take_push.head is null then h.seen
      else atlas.seen_today(h, request ->> 'device', (moment at time zone 'UTC')::date) end
  where h.user_id = me;
  if head is null then
    refused := atlas.refuse(400, 'bad-request', 'The changes could not be applied.');
  end if;
exception
  when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
    refused := atlas.refuse(503, 'busy', 'The server is busy.', 5);
end
$$;
comment on function atlas.take_push(uuid, jsonb, integer, timestamptz, jsonb, boolean) is
  'Any push, op by op: the seqs before and after, and the results; or why it is refused as a whole.';

revoke all on function
  atlas.take_push(uuid, jsonb, integer, timestamptz, jsonb, boolean)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.take_push(uuid, jsonb, integer, timestamptz, jsonb, boolean)
to atlas_api;
