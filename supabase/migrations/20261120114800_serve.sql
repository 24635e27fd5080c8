-- Any request of the right shape, whoever it is from: what sync answers that is nothing special.

create function atlas.synced(
  epoch text, results json, changes json, cursor json, more boolean, tier text, rules jsonb, stretch integer
) returns json
language sql volatile
as $$
  select json_build_object(
    'is', 'synced', 'v', 1, 'epoch', epoch, 'time', floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
    'results', results, 'changes', changes, 'cursor', cursor, 'more', more,
    'policy', json_build_object(
      'tier', tier, 'interval', (rules ->> 'interval_seconds')::integer * stretch,
      'maxOps', rules -> 'max_ops', 'maxPull', rules -> 'max_pull'))
$$;
comment on function atlas.synced(text, json, json, json, boolean, text, jsonb, integer) is 'The usual answer.';

create function atlas.few_since(
  me uuid, stand jsonb, head bigint, most integer, before bigint, results jsonb
) returns json
language plpgsql
as $$
declare
  above constant bigint := case when stand -> 'floor' = 'null' then (stand ->> 'seq')::numeric::bigint end;
  months date[];
begin
  if (head - above between 0 and least(most, 31) - 1) is not true then
    return null;
  end if;
  -- What was just written, messages above all, is in the results.
  if above = before then
    return atlas.few_between(me, above, head, false, results, null);
  end if;
  select array_agg(d.month) into months
  from atlas.months d where d.user_id = me and d.highest > above and d.lowest <= head;
  return coalesce(
    case when cardinality(months) = 1 and results = '[]' then atlas.few_of_month(months[1], me, above, head) end,
    atlas.few_between(me, above, head, false, results, months));
end
$$;
comment on function atlas.few_since(uuid, jsonb, bigint, integer, bigint, jsonb) is
  'What a device lacks that is so little behind that all of it fits in any page; null if it is further behind. Before is where the head stood before the results were written.';

create function atlas.serve(me uuid, request jsonb, size integer, moment timestamptz) returns json
language plpgsql
as $$
declare
  account record;
  before bigint;
  refused json;
  results jsonb := '[]';
  stand jsonb := request -> 'cursor';
  most integer;
  changes json;
  more boolean := false;
begin
  select h.seq, h.tier, h.suspended, s.epoch, s.tiers -> h.tier as rules,
    case when s.stretched_until > moment then s.stretch else 1 end as stretch,
    coalesce(h.seen_on = (moment at time zone 'UTC')::date and request ->> 'device' = any (h.seen), false) as seen_today
  into account
  from atlas.heads h cross join atlas.state s
  where h.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  if account.suspended then
    return atlas.refuse(403, 'tier', 'This account is suspended.');
  end if;
  if account.rules -> 'cloud' <> 'true' then
    return atlas.refuse(403, 'tier', 'This account keeps conversations on the device only.');
  end if;

  if request -> 'ops' = '[]' then
    if request ->> 'epoch' <> account.epoch then
      return atlas.answer('reset', account.epoch, jsonb_build_object('epochs', atlas.epochs_of(me)));
    end if;
    if not account.seen_today then
      perform atlas.note_device(me, request ->> 'device');
    end if;
    if stand = jsonb_build_object('seq', account.seq, 'floor', null) then
      return atlas.synced(account.epoch, '[]', '[]', stand::json, false, account.tier, account.rules, account.stretch);
    end if;
  else
    if jsonb_array_length(request -> 'ops') > (account.rules ->> 'max_ops')::integer then
      return atlas.refuse(413, 'too-large', format('At most %s changes in one request.', account.rules ->> 'max_ops'));
    end if;
    -- With something to write the epoch is always named.
    if request ->> 'epoch' is distinct from account.epoch then
      return atlas.answer('reset', account.epoch, jsonb_build_object('epochs', atlas.epochs_of(me)));
    end if;
    if left(atlas.highest_clock(request -> 'ops'), 15)::bigint > atlas.ms(clock_timestamp()) + 5000 then
      return atlas.answer('clock', account.epoch, '{}');
    end if;
    select p.before, p.head, p.results, p.refused into before, account.seq, results, refused
    from atlas.take_push(me, request, size, moment, account.rules, account.seen_today) p;
    if refused is not null then
      return refused;
    end if;
  end if;

  most := least((request ->> 'limit')::numeric, (account.rules ->> 'max_pull')::integer);
  changes := atlas.few_since(me, stand, account.seq, most, before, results);
  if changes is not null then
    stand := jsonb_build_object('seq', account.seq, 'floor', null);
  else
    select p.stand, p.changes, p.more into stand, changes, more
    from atlas.pull_page(me, account.seq, most, results, stand) p;
  end if;
  if request -> 'reports' <> '[]' and (request -> 'ops' <> '[]' or changes::text <> '[]') then
    perform atlas.keep_reports(me, request ->> 'device', request -> 'reports');
  end if;
  return atlas.synced(account.epoch, results::json, changes, stand::json, more, account.tier, account.rules, account.stretch);
end
$$;
comment on function atlas.serve(uuid, jsonb, integer, timestamptz) is
  'Any request of the right shape: what it wrote is applied, what changed since its cursor answered.';

revoke all on function
  atlas.synced(text, json, json, json, boolean, text, jsonb, integer),
  atlas.few_since(uuid, jsonb, bigint, integer, bigint, jsonb), atlas.serve(uuid, jsonb, integer, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.synced(text, json, json, json, boolean, text, jsonb, integer),
  atlas.few_since(uuid, jsonb, bigint, integer, bigint, jsonb), atlas.serve(uuid, jsonb, integer, timestamptz)
to atlas_api;
