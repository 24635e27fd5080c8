-- What most pushes are: new messages in one conversation that is known. They take three statements that write and nothing
-- else; whatever else a push is, or turns out to be, goes the general way, which judges it op by op.

create type atlas.new_messages as (
  ids uuid[],
  month date,
  talk uuid,
  newest text,
  awake_clock text,
  highest_clock text
);
comment on type atlas.new_messages is
  'Messages of one conversation that may be new: the month of their ids, and what the conversation will tell of them.';

create type atlas.added_messages as (
  before bigint,
  head bigint,
  results json,
  told json,
  tier text,
  rules jsonb,
  stretch integer
);
comment on type atlas.added_messages is
  'What came of them: the seqs before and after, the results, the conversation as it stands, and what the policy is made of.';

create function atlas.read_new_messages(ops jsonb) returns atlas.new_messages
language plpgsql immutable
as $$
declare
  read atlas.new_messages;
  plain boolean;
  lowest uuid;
  highest uuid;
begin
  -- Everything in which the general way finds nothing wrong. What cannot be told (no such key, another type) is not taken.
  if jsonb_array_length(jsonb_path_query_array(ops, 'strict $[*] ? (
    @.kind == "message" && (@.made.role == "user" || @.made.role == "assistant")
    && (@.origin == "live" || @.origin == "import" || @.origin == "backfill")
    && @.made.attempt >= 0 && @.made.attempt <= 1000 && @.made.attempt % 1 == 0
    && @.made.parent.type() != "number" && @.set.text.type() == "array" && @.set.text.size() == 2
    && @.set.text[0].type() == "string" && @.set.text[1].type() == "string")')) < jsonb_array_length(ops) then
    return null;
  end if;
  select array_agg(o.id order by o.ord), min(o.id::text)::uuid, max(o.id::text)::uuid, min(o.talk)::uuid,
    ops #>> '{-1,set,text,0}', max(o.clock) filter (where o.role = 'user'), max(o.clock),
    -- An identifier in another form than the wire has would not be the same when it is written. JavaScript counts no character
    -- as more units than it has bytes.
    bool_and(coalesce(o.id::text = o.op ->> 'id' and o.id::text <> o.talk and coalesce(o.parent::uuid::text = o.parent, true)
      and octet_length(o.op #>> '{set,text,0}') <= 32000 and (o.op -> 'set') - 'text' = '{}' and not o.op ? 'purge', false))
      and min(o.talk) = max(o.talk) and min(o.talk)::uuid::text = min(o.talk)
  into read.ids, lowest, highest, read.talk, read.newest, read.awake_clock, read.highest_clock, plain
  from (
    select o.op, o.ord, (o.op ->> 'id')::uuid as id, o.op #>> '{made,conversation}' as talk, o.op #>> '{made,parent}' as parent,
      o.op #>> '{made,role}' as role, o.op #>> '{set,text,1}' collate "C" as clock
    from jsonb_array_elements(ops) with ordinality as o (op, ord)
    offset 0
  ) o;
  if plain is not true then
    return null;
  end if;
  read.month := case when atlas.month_of(lowest) = atlas.month_of(highest) then atlas.month_of(lowest) end;
  return read;
end
$$;
comment on function atlas.read_new_messages(jsonb) is
  'Ops that are nothing but messages of one conversation in the shape of new ones. Null, or an error of a value, if they are something else.';

create function atlas.push_new_messages(
  me uuid, request jsonb, new atlas.new_messages, size integer, moment timestamptz
) returns atlas.added_messages
language plpgsql
as $$
declare
  messages constant integer := cardinality(new.ids);
  done atlas.added_messages;
  received timestamptz;
  at bigint;
  written uuid;
  known boolean;
  lines text := '';
begin
  -- First the head, so that it is locked. Who is not to be served, or not in this way, is told so by the general one.
  update atlas.heads h set
    seq = h.seq + messages + 1,
    pushes_until = greatest(h.pushes_until, moment) + interval '1 minute' / (s.tiers -> h.tier ->> 'pushes_per_minute')::integer,
    bytes_until = greatest(h.bytes_until, moment)
      + interval '1 minute' * (size / (s.tiers -> h.tier ->> 'bytes_per_minute')::double precision)
  from atlas.state s
  where h.user_id = me and left(new.highest_clock, 15)::bigint <= atlas.ms(moment) + 5000
    and s.epoch = request ->> 'epoch' and s.tiers -> h.tier -> 'cloud' = 'true' and not h.suspended
    and h.seen_on = (moment at time zone 'UTC')::date and request ->> 'device' = any (h.seen)
    and messages <= (s.tiers -> h.tier ->> 'max_ops')::integer
    and greatest(h.pushes_until, moment) + interval '1 minute' / (s.tiers -> h.tier ->> 'pushes_per_minute')::integer
      <= moment + interval '1 minute'
    and greatest(h.bytes_until, moment)
      + interval '1 minute' * (size / (s.tiers -> h.tier ->> 'bytes_per_minute')::double precision) <= moment + interval '1 minute'
  returning h.seq - messages - 1, h.seq, h.tier, s.tiers -> h.tier, case when s.stretched_until > moment then s.stretch else 1 end,
    clock_timestamp(),
    -- The device is for those who are told of the change: see atlas.poke.
    set_config('atlas.writing', me::text, true) || set_config('atlas.device', request ->> 'device', true) is null
  into done.before, done.head, done.tier, done.rules, done.stretch, received, known;
  if done.before is null then
    return null;
  end if;

  -- A user's message is also a write of trashed = false. What is gone, or a conversation itself, is no new message.
  update atlas.conversations c set
    seq = done.head,
    message_count = c.message_count + messages,
    activity = done.head - 1,
    active_at = received,
    last_message_preview = atlas.preview(new.newest),
    trashed = c.trashed and not coalesce(new.awake_clock > c.trashed_clock, false),
    trashed_at = case when new.awake_clock > c.trashed_clock then null else c.trashed_at end,
    trashed_clock = greatest(c.trashed_clock, new.awake_clock)
  where c.user_id = me and c.id = any (new.ids || new.talk)
    and not exists (select from atlas.tombstones t where t.user_id = me and t.id = any (new.ids || new.talk))
  returning c.id, atlas.conversation_json(c), exists (
    select from atlas.months d
    where d.user_id = me and d.month = new.month and d.lowest <= done.before and d.highest >= done.head)
  into written, done.told, known;
  if written is distinct from new.talk then
    raise sqlstate 'AT001';
  end if;

  insert into atlas.messages (
    user_id, id, seq, origin, conversation, role, parent, attempt, text, text_clock, pos, received_at
  )
  select me, new.ids[o.ord], done.before + o.ord, o.op ->> 'origin', new.talk, o.op #>> '{made,role}', (o.op #>> '{made,parent}')::uuid,
    (o.op #> '{made,attempt}')::integer, o.op #>> '{set,text,0}', o.op #>> '{set,text,1}', done.before + o.ord, received
  from jsonb_array_elements(request -> 'ops') with ordinality as o (op, ord);
  if not known then
    perform atlas.note_months(me, new.ids, (select array_agg(done.before + n) from generate_series(1, messages) n));
  end if;
  at := floor(extract(epoch from received) * 1000);
  for nth in 1..messages loop
    lines := lines || ', {"id": "' || new.ids[nth] || '", "is": "stored", "seq": ' || done.before + nth || ', "differs": {"pos": ' || done.before + nth
      || ', "at": ' || at || '}}';
  end loop;
  done.results := ('[' || substr(lines, 3) || ']')::json;
  perform set_config('atlas.writing', '', true);
  return done;
end
$$;
comment on function atlas.push_new_messages(uuid, jsonb, atlas.new_messages, integer, timestamptz) is
  'Adds these messages and moves the head; null when it did nothing, AT001 when it is to be undone because it was something else.';

revoke all on function
  atlas.read_new_messages(jsonb), atlas.push_new_messages(uuid, jsonb, atlas.new_messages, integer, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.read_new_messages(jsonb), atlas.push_new_messages(uuid, jsonb, atlas.new_messages, integer, timestamptz)
to atlas_api;
