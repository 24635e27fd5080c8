-- Functions that read messages are volatile: their statements look at the rows after they got hold of the tables. With the
-- snapshot of their caller a reader who waited while a month was made would miss the rows that moved there.

create function atlas.find_messages(me uuid, ids uuid[]) returns table (id uuid, stored jsonb)
language plpgsql volatile set search_path = ''
as $$
begin
  if ids is null then
    return;
  end if;
  return query execute format(
    'select m.id, atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text, m.pos,
       m.received_at)
     from (%s) m where m.user_id = $1 and m.id = any ($2)',
    atlas.messages_of((select array_agg(distinct atlas.month_of(i.id)) from unnest(ids) as i (id))))
  using me, ids;
end
$$;
comment on function atlas.find_messages(uuid, uuid[]) is 'The messages of these ids, as the wire says them.';

create type atlas.placed_message as (pos bigint, received_at timestamptz, text text, stored jsonb);
comment on type atlas.placed_message is 'A message at its place in a conversation.';

create function atlas.messages_before(me uuid, talk uuid, before bigint, most integer)
returns setof atlas.placed_message
language plpgsql volatile set search_path = ''
as $$
declare
  newest atlas.placed_message[] := '{}';
  here record;
begin
  -- A message lies between the first seq of its conversation and its last activity, and so does a month that may hold it.
  for here in
    select d.month, d.highest
    from atlas.conversations c
    join atlas.months d on d.user_id = me and d.highest > c.first_seq and d.lowest <= c.activity and d.lowest < before
    where c.user_id = me and c.id = talk
    order by d.highest desc, d.month desc
  loop
    exit when cardinality(newest) = most and newest[most].pos > here.highest;
    execute format(
      'select array_agg(p order by p.pos desc) from (
         (select m.pos, m.received_at, m.text,
            atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text, m.pos, m.received_at)
          from (%s) m
          where m.user_id = $1 and m.conversation = $2 and m.pos < $3
          order by m.pos desc limit $4)
         union all select n.* from unnest($5) n
         order by pos desc limit $4) as p (pos, received_at, text, stored)',
      atlas.messages_of(array[here.month]))
    into newest using me, talk, before, most, newest;
    newest := coalesce(newest, '{}');
  end loop;
  return query select n.* from unnest(newest) n order by n.pos desc;
end
$$;
comment on function atlas.messages_before(uuid, uuid, bigint, integer) is
  'The newest messages of a conversation below a place, newest first; reads months only until it has enough.';

revoke all on function
  atlas.find_messages(uuid, uuid[]), atlas.messages_before(uuid, uuid, bigint, integer)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.find_messages(uuid, uuid[]), atlas.messages_before(uuid, uuid, bigint, integer)
to atlas_api;
