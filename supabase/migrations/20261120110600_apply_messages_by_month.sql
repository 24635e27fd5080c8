-- What reads messages of known ids is planned for the months of those ids; what is stored is carried along for the answer.
-- Functions that push calls are in plpgsql, which keeps their plans for the session; PostgreSQL before 18 plans those in sql at
-- every call.

alter type atlas.op add attribute stored jsonb;
comment on type atlas.op is
  'An op on its way: why it is refused, or the seq of the tombstone that covers it, whether it is about what does not exist yet, and the message as it stands.';

create or replace function atlas.read_ops(ops jsonb) returns atlas.op[]
language plpgsql immutable
as $$
begin
  return (
    select array_agg(row(
      o.ord, o.op ->> 'kind', (o.op ->> 'id')::uuid, o.op ->> 'origin', o.op ? 'purge', o.op -> 'made', o.op -> 'set',
      case
        when o.op ->> 'kind' not in ('conversation', 'message') then 'unknown-kind'
        when o.op ? 'purge' then null
        when o.op ->> 'kind' = 'conversation' then atlas.conversation_problem(o.op -> 'set')
        else atlas.message_problem(o.op -> 'made', o.op -> 'set')
      end,
      null, false, null)::atlas.op order by o.ord)
    from jsonb_array_elements(ops) with ordinality as o (op, ord)
  );
end
$$;

create or replace function atlas.judge_ops(me uuid, ops atlas.op[]) returns atlas.op[]
language plpgsql volatile set search_path = ''
as $$
begin
  return (
    select array_agg(row(
      o.ord, o.kind, o.id, o.origin, o.purge, o.made, o.fields,
      case when o.refused is null and t.seq is null and (
        (o.kind <> 'conversation' and c.id is not null) or (o.kind <> 'message' and m.id is not null)
      ) then 'bad-op' else o.refused end,
      t.seq,
      c.id is null and m.id is null,
      m.stored)::atlas.op order by o.ord)
    from unnest(ops) o
    left join atlas.tombstones t on t.user_id = me and t.id = o.id
    left join atlas.conversations c on c.user_id = me and c.id = o.id
    left join atlas.find_messages(me, (
      select array_agg(f.id) from unnest(ops) f where f.refused is null and not f.purge)) m on m.id = o.id
  );
end
$$;

create or replace function atlas.judge_messages(me uuid, ops atlas.op[]) returns atlas.op[]
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select array_agg(row(
      o.ord, o.kind, o.id, o.origin, o.purge, o.made, o.fields,
      case
        when not o.makes_message or t.seq is not null then o.refused
        when c.id is null then 'no-conversation'
        when not o.fields ? 'text' then 'bad-op'
      end,
      coalesce(o.gone, t.seq),
      o.fresh,
      o.stored)::atlas.op order by o.ord)
    from (
      select u.*, u.kind = 'message' and not u.purge and u.refused is null and u.gone is null and u.fresh as makes_message
      from unnest(ops) u
    ) o
    left join atlas.conversations c
      on o.makes_message and c.user_id = me and c.id = (o.made ->> 'conversation')::uuid
    left join atlas.tombstones t
      on o.makes_message and t.user_id = me and t.id = (o.made ->> 'conversation')::uuid
  );
end
$$;

create function atlas.edit_messages(me uuid, inout ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  ids uuid[];
  seqs bigint[];
  texts text[];
  clocks text[];
  rows jsonb[];
  taken bigint;
begin
  select array_agg(o.id order by o.ord), array_agg(head + o.nth order by o.ord),
    array_agg(o.fields #>> '{text,0}' order by o.ord), array_agg(o.fields #>> '{text,1}' order by o.ord)
  into ids, seqs, texts, clocks
  from (
    select u.*, row_number() over (order by u.ord) as nth
    from unnest(ops) u
    where u.kind = 'message' and not u.purge and u.refused is null and u.gone is null and not u.fresh
      and (u.fields #>> '{text,1}')::atlas.clock > (u.stored #>> '{clocks,text}')::atlas.clock
  ) o;
  if ids is null then
    return;
  end if;
  execute
    'with written as (
       update atlas.messages m set seq = w.seq, text = w.text, text_clock = w.text_clock
       from unnest($2, $3, $4, $5) as w (id, seq, text, text_clock)
       where m.user_id = $1 and m.id = any ($2) and m.id = w.id
       returning m.*)
     select array_agg(m.id), array_agg(m.seq), array_agg(atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role,
       m.parent, m.attempt, m.text, m.pos, m.received_at)) from written m'
  into ids, seqs, rows using me, ids, seqs, texts, clocks;
  head := head + cardinality(ids);
  perform atlas.note_months(me, ids, seqs);

  -- The previews that showed them.
  update atlas.conversations c set seq = w.seq, last_message_preview = w.preview
  from (
    select k.id, atlas.preview(r.stored ->> 'text') as preview,
      head + row_number() over (order by (r.stored ->> 'seq')::bigint) as seq
    from unnest(rows) as r (stored)
    join atlas.conversations k on k.user_id = me and k.id = (r.stored ->> 'conversation')::uuid
      and k.activity = (r.stored ->> 'pos')::bigint
    where k.last_message_preview <> atlas.preview(r.stored ->> 'text')
  ) w
  where c.user_id = me and c.id = w.id;
  get diagnostics taken = row_count;
  head := head + taken;
  ops := atlas.with_stored(ops, ids, rows);
end
$$;
comment on function atlas.edit_messages(uuid, atlas.op[], bigint) is
  'Sets texts whose clock is above the stored one, then the previews that showed them; gives the new head.';

create function atlas.with_stored(ops atlas.op[], ids uuid[], rows jsonb[]) returns atlas.op[]
language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select array_agg(row(
      o.ord, o.kind, o.id, o.origin, o.purge, o.made, o.fields, o.refused, o.gone, o.fresh, coalesce(w.stored, o.stored)
    )::atlas.op order by o.ord)
    from unnest(ops) o left join unnest(ids, rows) as w (id, stored) on w.id = o.id
  );
end
$$;
comment on function atlas.with_stored(atlas.op[], uuid[], jsonb[]) is 'The ops with messages as they stand now.';

drop function atlas.apply_messages(uuid, timestamptz, atlas.op[], bigint);
create function atlas.add_messages(me uuid, received timestamptz, inout ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  ids uuid[];
  seqs bigint[];
  rows jsonb[];
  taken bigint;
begin
  -- A user's message is also a write of trashed = false.
  with stored as (
    insert into atlas.messages (
      user_id, id, seq, origin, conversation, role, parent, attempt, text, text_clock, pos, received_at
    )
    select me, w.id, w.pos, w.origin, (w.made ->> 'conversation')::uuid, w.made ->> 'role', (w.made ->> 'parent')::uuid,
      (w.made ->> 'attempt')::numeric::integer, w.fields #>> '{text,0}', (w.fields #>> '{text,1}')::atlas.clock, w.pos, received
    from (
      select o.*, head + row_number() over (order by o.ord) as pos
      from unnest(ops) o
      where o.kind = 'message' and not o.purge and o.refused is null and o.gone is null and o.fresh
    ) w
    returning id, seq, text_clock, conversation, role, text, pos
  ),
  gained as (
    select s.conversation, count(*) as messages, max(s.pos) as pos,
      (array_agg(s.text order by s.pos desc))[1] as newest,
      max(s.text_clock) filter (where s.role = 'user') as awake_clock,
      row_number() over (order by max(s.pos)) as nth
    from stored s
    group by s.conversation
  ),
  told as (
    update atlas.conversations c set
      seq = head + (select count(*) from stored) + g.nth,
      message_count = c.message_count + g.messages,
      activity = g.pos,
      active_at = received,
      last_message_preview = atlas.preview(g.newest),
      trashed = c.trashed and not coalesce(g.awake_clock > c.trashed_clock, false),
      trashed_at = case when g.awake_clock > c.trashed_clock then null else c.trashed_at end,
      trashed_clock = greatest(c.trashed_clock, g.awake_clock)
    from gained g
    where c.user_id = me and c.id = g.conversation
    returning c.id
  )
  select array_agg(s.id), array_agg(s.seq),
    array_agg(jsonb_build_object('seq', s.seq, 'at', atlas.ms(received))),
    (select count(*) from told)
  into ids, seqs, rows, taken
  from stored s;
  if ids is null then
    return;
  end if;
  head := head + cardinality(ids) + taken;
  perform atlas.note_months(me, ids, seqs);
  ops := atlas.with_stored(ops, ids, rows);
end
$$;
comment on function atlas.add_messages(uuid, timestamptz, atlas.op[], bigint) is
  'Adds new messages and what their conversations tell of them; gives the new head.';

create or replace function atlas.results_of(me uuid, ops atlas.op[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select jsonb_agg(
      case
        when o.refused is not null then jsonb_build_object('id', o.id, 'is', 'refused', 'code', o.refused)
        when o.gone is not null then jsonb_build_object('id', o.id, 'is', 'gone', 'seq', o.gone)
        -- A new message is as it was sent, by the checks it passed.
        when o.kind = 'message' and o.fresh then jsonb_build_object(
          'id', o.id, 'is', 'stored', 'seq', o.stored -> 'seq',
          'differs', jsonb_build_object('pos', o.stored -> 'seq', 'at', o.stored -> 'at'))
        else (
          select jsonb_build_object(
            'id', o.id, 'is', 'stored', 'seq', s.stored -> 'seq', 'differs', atlas.differs(s.stored, o.made, o.fields))
          from (select case o.kind when 'message' then o.stored else atlas.conversation_row(c) end as stored) s)
      end order by o.ord)
    from unnest(ops) o
    left join atlas.conversations c
      on o.kind = 'conversation' and o.refused is null and o.gone is null and c.user_id = me and c.id = o.id
  );
end
$$;

-- However many rows a user has, those of a request are found one by one by their keys: other joins read all of them.
create or replace function atlas.push(me uuid, sent jsonb, inout head bigint, out results jsonb)
language plpgsql set search_path = '' set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  ops atlas.op[] := atlas.read_ops(sent);
  received timestamptz := clock_timestamp();
begin
  perform set_config('atlas.writing', me::text, true);
  head := atlas.apply_purges(me, ops, head);
  ops := atlas.judge_ops(me, ops);
  if exists (select from unnest(ops) o where o.kind = 'conversation' and not o.purge) then
    head := atlas.apply_conversations(me, received, ops, head);
  end if;
  if exists (select from unnest(ops) o where o.kind = 'message' and not o.purge) then
    ops := atlas.judge_messages(me, ops);
    select e.ops, e.head into ops, head from atlas.edit_messages(me, ops, head) e;
    select a.ops, a.head into ops, head from atlas.add_messages(me, received, ops, head) a;
  end if;
  results := atlas.results_of(me, ops);
  perform set_config('atlas.writing', '', true);
end
$$;
comment on function atlas.push(uuid, jsonb, bigint) is
  'Applies the ops of a request. Whoever calls holds the lock on the head row of this user, gives its seq, and writes there the one he gets.';

revoke all on function
  atlas.edit_messages(uuid, atlas.op[], bigint), atlas.with_stored(atlas.op[], uuid[], jsonb[]),
  atlas.add_messages(uuid, timestamptz, atlas.op[], bigint)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.edit_messages(uuid, atlas.op[], bigint), atlas.with_stored(atlas.op[], uuid[], jsonb[]),
  atlas.add_messages(uuid, timestamptz, atlas.op[], bigint)
to atlas_api;
