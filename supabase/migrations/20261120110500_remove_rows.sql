create function atlas.remove_conversations(me uuid, ids uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  month date;
begin
  for month in
    select distinct d.month
    from atlas.conversations c
    join atlas.months d on d.user_id = me and d.highest > c.first_seq and d.lowest <= c.activity
    where c.user_id = me and c.id = any (ids)
  loop
    execute format('delete from atlas.messages m where m.user_id = $1 and m.conversation = any ($2) and %s',
      atlas.in_month(month)) using me, ids;
  end loop;
  delete from atlas.conversations c where c.user_id = me and c.id = any (ids);
end
$$;
comment on function atlas.remove_conversations(uuid, uuid[]) is
  'Removes conversations with their messages. Whoever calls holds the head and made the tombstones.';

create function atlas.remove_messages(me uuid, ids uuid[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  losers uuid[];
  tokens bigint[];
  taken integer;
begin
  execute
    'with lost as (delete from atlas.messages m where m.user_id = $1 and m.id = any ($2) returning m.conversation, m.tokens)
     select array_agg(lost.conversation), array_agg(lost.tokens) from lost'
  into losers, tokens using me, ids;
  if losers is null then
    return;
  end if;
  update atlas.conversations c set
    seq = l.seq,
    message_count = c.message_count - l.lost,
    total_tokens = c.total_tokens - l.tokens,
    activity = coalesce(l.pos, c.first_seq),
    active_at = coalesce(l.received_at, c.created_at),
    last_message_preview = coalesce(atlas.preview(l.text), '')
  from (
    select lost.conversation, lost.lost, lost.tokens, newest.pos, newest.received_at, newest.text,
      head + row_number() over (order by lost.conversation) as seq
    from (
      select loser.id as conversation, count(*) as lost, sum(loser.tokens) as tokens
      from unnest(losers, tokens) as loser (id, tokens) group by loser.id
    ) lost
    left join lateral atlas.messages_before(me, lost.conversation, 9223372036854775807, 1) newest on true
  ) l
  where c.user_id = me and c.id = l.conversation;
  get diagnostics taken = row_count;
  head := head + taken;
end
$$;
comment on function atlas.remove_messages(uuid, uuid[], bigint) is
  'Removes messages and tells their conversations; gives the new head. Whoever calls holds the head and made the tombstones.';

alter table atlas.conversations add column total_tokens bigint not null default 0 check (total_tokens >= 0);
comment on column atlas.conversations.total_tokens is 'Tokens of its messages.';

create or replace function atlas.apply_purges(me uuid, ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  ids uuid[];
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
  perform atlas.remove_conversations(me, ids);
  head := atlas.remove_messages(me, ids, head);
end
$$;

revoke all on function
  atlas.remove_conversations(uuid, uuid[]), atlas.remove_messages(uuid, uuid[], bigint)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.remove_conversations(uuid, uuid[]), atlas.remove_messages(uuid, uuid[], bigint)
to atlas_api;
