create function atlas.judge_messages(me uuid, ops atlas.op[]) returns atlas.op[]
language sql stable set search_path = ''
as $$
  select array_agg(row(
    o.ord, o.kind, o.id, o.origin, o.purge, o.made, o.fields,
    case
      when not o.makes_message or t.seq is not null then o.refused
      when c.id is null then 'no-conversation'
      when not o.fields ? 'text' then 'bad-op'
    end,
    coalesce(o.gone, t.seq),
    o.fresh)::atlas.op order by o.ord)
  from (
    select u.*, u.kind = 'message' and not u.purge and u.refused is null and u.gone is null and u.fresh as makes_message
    from unnest(ops) u
  ) o
  left join atlas.conversations c
    on o.makes_message and c.user_id = me and c.id = (o.made ->> 'conversation')::uuid
  left join atlas.tombstones t
    on o.makes_message and t.user_id = me and t.id = (o.made ->> 'conversation')::uuid
$$;
comment on function atlas.judge_messages(uuid, atlas.op[]) is
  'The ops with what their conversations say of new messages: gone with it, or refused without it.';

create function atlas.apply_messages(me uuid, received timestamptz, ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  edits uuid[];
  taken bigint;
begin
  -- Texts that are edited, then the previews that showed them.
  with written as (
    update atlas.messages m set seq = w.seq, text = w.text, text_clock = w.text_clock
    from (
      select o.id, head + row_number() over (order by o.ord) as seq, o.fields #>> '{text,0}' as text, o.text_clock
      from (
        select u.ord, u.id, u.fields, (u.fields #>> '{text,1}')::atlas.clock as text_clock
        from unnest(ops) u
        where u.kind = 'message' and not u.purge and u.refused is null and u.gone is null and not u.fresh
      ) o
      join atlas.messages k on k.user_id = me and k.id = o.id
      where o.text_clock > k.text_clock
    ) w
    where m.user_id = me and m.id = w.id
    returning m.id
  )
  select array_agg(written.id) into edits from written;
  if edits is not null then
    head := head + cardinality(edits);
    update atlas.conversations c set seq = w.seq, last_message_preview = w.preview
    from (
      select m.conversation, atlas.preview(m.text) as preview, head + row_number() over (order by m.seq) as seq
      from atlas.messages m
      join atlas.conversations k on k.user_id = me and k.id = m.conversation and k.activity = m.pos
      where m.user_id = me and m.id = any (edits) and k.last_message_preview <> atlas.preview(m.text)
    ) w
    where c.user_id = me and c.id = w.conversation;
    get diagnostics taken = row_count;
    head := head + taken;
  end if;

  -- New messages, then what their conversations tell of them. A user's message is also a write of trashed = false.
  select count(*) into taken from unnest(ops) o
  where o.kind = 'message' and not o.purge and o.refused is null and o.gone is null and o.fresh;
  if taken = 0 then
    return;
  end if;
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
    returning conversation, pos, role, text, text_clock
  ),
  gained as (
    select s.conversation, count(*) as messages, max(s.pos) as pos,
      (array_agg(s.text order by s.pos desc))[1] as newest,
      max(s.text_clock) filter (where s.role = 'user') as awake_clock,
      head + taken + row_number() over (order by max(s.pos)) as seq
    from stored s
    group by s.conversation
  )
  update atlas.conversations c set
    seq = g.seq,
    message_count = c.message_count + g.messages,
    activity = g.pos,
    active_at = received,
    last_message_preview = atlas.preview(g.newest),
    trashed = c.trashed and not coalesce(g.awake_clock > c.trashed_clock, false),
    trashed_at = case when g.awake_clock > c.trashed_clock then null else c.trashed_at end,
    trashed_clock = greatest(c.trashed_clock, g.awake_clock)
  from gained g
  where c.user_id = me and c.id = g.conversation;
  head := head + taken;
  get diagnostics taken = row_count;
  head := head + taken;
end
$$;
comment on function atlas.apply_messages(uuid, timestamptz, atlas.op[], bigint) is
  'Sets texts whose clock is above the stored one, adds new messages and what their conversations tell of them; gives the new head.';

revoke all on function
  atlas.judge_messages(uuid, atlas.op[]), atlas.apply_messages(uuid, timestamptz, atlas.op[], bigint)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.judge_messages(uuid, atlas.op[]), atlas.apply_messages(uuid, timestamptz, atlas.op[], bigint)
to atlas_api;
