-- A request that does not have the shape of one is refused as a whole; an op that has the shape of an op and cannot be
-- applied is refused alone.

create function atlas.is_whole(value jsonb, lowest bigint, highest bigint) returns boolean
language sql immutable
as $$
  select case when jsonb_typeof(value) = 'number'
    then (value #>> '{}')::numeric between lowest and highest and (value #>> '{}')::numeric % 1 = 0
    else false end
$$;
comment on function atlas.is_whole(jsonb, bigint, bigint) is 'Whether it is a whole number in this range.';

create function atlas.is_id(value jsonb) returns boolean
language sql immutable
as $$
  select coalesce(
    jsonb_typeof(value) = 'string'
    and (value #>> '{}') ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', false)
$$;
comment on function atlas.is_id(jsonb) is 'Whether it is an identifier as the wire writes them.';

create function atlas.is_written_field(value jsonb) returns boolean
language sql immutable
as $$
  select case when jsonb_typeof(value) = 'array'
    then jsonb_array_length(value) = 2 and jsonb_typeof(value -> 1) = 'string'
      and (value ->> 1) ~ '^[0-9]{15}\.[0-9]{4}\.[0-9a-z]{12}$'
    else false end
$$;
comment on function atlas.is_written_field(jsonb) is 'Whether it is a value with its clock.';

create function atlas.has_op_shape(op jsonb) returns boolean
language sql immutable
as $$
  select coalesce(
    jsonb_typeof(op) = 'object'
    and jsonb_typeof(op -> 'kind') = 'string'
    and atlas.is_id(op -> 'id')
    and op ->> 'origin' in ('live', 'import', 'backfill')
    and case
      when op ? 'purge' then op -> 'purge' = 'true'::jsonb
      when jsonb_typeof(op -> 'made') = 'object' and jsonb_typeof(op -> 'set') = 'object' then
        not exists (select from jsonb_each(op -> 'set') f where not atlas.is_written_field(f.value))
      else false end,
    false)
$$;
comment on function atlas.has_op_shape(jsonb) is 'Whether an op can be read: a write with clocks, or a purge.';

create function atlas.request_problem(request jsonb) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_path_exists(request, '$.**{9}') then
    return 'nested too deep';
  end if;
  if coalesce((request ->> 'device') !~ '^[0-9a-z]{12}$', true) then
    return 'device: 12 letters or digits';
  end if;
  if coalesce(jsonb_typeof(request -> 'epoch'), '') not in ('null', 'string') then
    return 'epoch: a string or null';
  end if;
  case coalesce(jsonb_typeof(request -> 'cursor'), '')
    when 'null' then null;
    when 'object' then
      if jsonb_typeof(request -> 'epoch') = 'null' then
        return 'cursor: nothing without an epoch';
      end if;
      if not coalesce(atlas.is_whole(request #> '{cursor,seq}', 0, 9007199254740991)
        and (request #> '{cursor,floor}' = 'null'::jsonb
          or atlas.is_whole(request #> '{cursor,floor}', 0, 9007199254740991)), false) then
        return 'cursor: seq and floor';
      end if;
    else
      return 'cursor: seq and floor, or null';
  end case;
  if not coalesce(atlas.is_whole(request -> 'limit', 1, 1000000000), false) then
    return 'limit: a whole number above 0';
  end if;
  if jsonb_typeof(request -> 'reports') <> 'array' then
    return 'reports: a list';
  end if;
  if coalesce(jsonb_typeof(request -> 'ops'), '') <> 'array' then
    return 'ops: a list';
  end if;
  if request -> 'ops' <> '[]'::jsonb then
    if exists (select from jsonb_array_elements(request -> 'ops') as o (op) where not atlas.has_op_shape(o.op)) then
      return 'ops: each needs kind, id, origin, and either made and set with clocks, or purge';
    end if;
    if (select count(*) <> count(distinct o.op ->> 'id') from jsonb_array_elements(request -> 'ops') as o (op)) then
      return 'ops: one for each entity';
    end if;
  end if;
  return null;
end
$$;
comment on function atlas.request_problem(jsonb) is
  'What is wrong with the shape of a request, in words that repeat nothing of it; null when nothing is.';

create function atlas.highest_clock(ops jsonb) returns atlas.clock
language sql immutable
as $$
  select max((f.value ->> 1)::atlas.clock)
  from jsonb_array_elements(ops) as o (op), jsonb_each(o.op -> 'set') f
$$;
comment on function atlas.highest_clock(jsonb) is 'The highest clock of a request, null if it has none.';

create function atlas.js_length(value text) returns integer
language sql immutable
as $$
  -- JavaScript counts a character beyond the basic plane, four bytes in UTF-8, as two.
  select case when octet_length(value) = char_length(value) then char_length(value)
    else char_length(value) + char_length(regexp_replace(value, '[^\U00010000-\U0010ffff]', '', 'g')) end
$$;
comment on function atlas.js_length(text) is 'Length as devices count it.';

create function atlas.conversation_problem(fields jsonb) returns text
language sql immutable
as $$
  select case
    when fields ? 'title' and jsonb_typeof(fields #> '{title,0}') <> 'string' then 'bad-op'
    when fields ? 'trashed' and jsonb_typeof(fields #> '{trashed,0}') <> 'boolean' then 'bad-op'
    when fields ? 'title' and atlas.js_length(fields #>> '{title,0}') > 200 then 'too-long'
  end
$$;
comment on function atlas.conversation_problem(jsonb) is 'Why a write of a conversation is refused, null if it is not.';

create function atlas.message_problem(made jsonb, fields jsonb) returns text
language sql immutable
as $$
  select case
    when not coalesce(atlas.is_id(made -> 'conversation')
      and made ->> 'role' in ('user', 'assistant')
      and (made -> 'parent' = 'null'::jsonb or atlas.is_id(made -> 'parent'))
      and atlas.is_whole(made -> 'attempt', 0, 1000), false) then 'bad-op'
    when fields ? 'text' and jsonb_typeof(fields #> '{text,0}') <> 'string' then 'bad-op'
    when fields ? 'text' and atlas.js_length(fields #>> '{text,0}') > 32000 then 'too-long'
  end
$$;
comment on function atlas.message_problem(jsonb, jsonb) is 'Why a write of a message is refused, null if it is not.';

create type atlas.op as (
  ord integer,
  kind text,
  id uuid,
  origin text,
  purge boolean,
  made jsonb,
  fields jsonb,
  refused text,
  gone bigint,
  fresh boolean
);
comment on type atlas.op is
  'An op on its way: why it is refused, or the seq of the tombstone that covers it, and whether it is about what does not exist yet.';

create function atlas.read_ops(ops jsonb) returns atlas.op[]
language sql immutable
as $$
  select array_agg(row(
    o.ord, o.op ->> 'kind', (o.op ->> 'id')::uuid, o.op ->> 'origin', o.op ? 'purge', o.op -> 'made', o.op -> 'set',
    case
      when o.op ->> 'kind' not in ('conversation', 'message') then 'unknown-kind'
      when o.op ? 'purge' then null
      when o.op ->> 'kind' = 'conversation' then atlas.conversation_problem(o.op -> 'set')
      else atlas.message_problem(o.op -> 'made', o.op -> 'set')
    end,
    null, false)::atlas.op order by o.ord)
  from jsonb_array_elements(ops) with ordinality as o (op, ord)
$$;
comment on function atlas.read_ops(jsonb) is 'The ops of a request, those refused already that no state could make right.';

revoke all on function
  atlas.is_whole(jsonb, bigint, bigint), atlas.is_id(jsonb), atlas.is_written_field(jsonb), atlas.has_op_shape(jsonb),
  atlas.request_problem(jsonb), atlas.highest_clock(jsonb), atlas.js_length(text), atlas.conversation_problem(jsonb),
  atlas.message_problem(jsonb, jsonb), atlas.read_ops(jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.is_whole(jsonb, bigint, bigint), atlas.is_id(jsonb), atlas.is_written_field(jsonb), atlas.has_op_shape(jsonb),
  atlas.request_problem(jsonb), atlas.highest_clock(jsonb), atlas.js_length(text), atlas.conversation_problem(jsonb),
  atlas.message_problem(jsonb, jsonb), atlas.read_ops(jsonb)
to atlas_api;
