create function atlas.apply_purges(me uuid, ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  ids uuid[];
  losers uuid[];
  taken integer;
begin
  select array_agg(o.id) into ids from unnest(ops) o where o.purge and o.refused is null;
  if ids is null then
    return;
  end if;

  insert into atlas.tombstones (user_id, id, kind, seq)
  select me, o.id, o.kind, head + row_number() over (order by o.ord)
  from unnest(ops) o
  where o.purge and o.refused is null
    and not exists (select from atlas.tombstones t where t.user_id = me and t.id = o.id);
  get diagnostics taken = row_count;
  head := head + taken;

  -- Conversations first: their messages go with them and are not counted one by one.
  delete from atlas.conversations c where c.user_id = me and c.id = any (ids);
  with lost as (delete from atlas.messages m where m.user_id = me and m.id = any (ids) returning m.conversation)
  select array_agg(lost.conversation) into losers from lost;
  if losers is null then
    return;
  end if;

  update atlas.conversations c set
    seq = l.seq,
    message_count = c.message_count - l.lost,
    activity = coalesce(l.pos, c.first_seq),
    active_at = coalesce(l.received_at, c.created_at),
    last_message_preview = coalesce(atlas.preview(l.text), '')
  from (
    select lost.conversation, lost.lost, newest.pos, newest.received_at, newest.text,
      head + row_number() over (order by lost.conversation) as seq
    from (select loser.id as conversation, count(*) as lost from unnest(losers) as loser (id) group by loser.id) lost
    left join lateral (
      select m.pos, m.received_at, m.text from atlas.messages m
      where m.user_id = me and m.conversation = lost.conversation
      order by m.pos desc limit 1
    ) newest on true
  ) l
  where c.user_id = me and c.id = l.conversation;
  get diagnostics taken = row_count;
  head := head + taken;
end
$$;
comment on function atlas.apply_purges(uuid, atlas.op[], bigint) is
  'Removes for good what the ops purge, leaves tombstones also for what was never heard of; gives the new head.';
revoke all on function atlas.apply_purges(uuid, atlas.op[], bigint) from public, anon, authenticated, service_role;
grant execute on function atlas.apply_purges(uuid, atlas.op[], bigint) to atlas_api;
