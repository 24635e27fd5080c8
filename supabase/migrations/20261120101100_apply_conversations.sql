create function atlas.apply_conversations(me uuid, received timestamptz, ops atlas.op[], inout head bigint)
language plpgsql set search_path = ''
as $$
declare
  -- Of a field that nobody has written: any write is above it.
  never constant atlas.clock := '000000000000000.0000.000000000000';
  taken bigint;
begin
  update atlas.conversations c set
    seq = w.seq,
    title = case when w.title_clock > c.title_clock then w.title else c.title end,
    title_clock = greatest(c.title_clock, w.title_clock),
    trashed = case when w.trashed_clock > c.trashed_clock then w.trashed else c.trashed end,
    trashed_clock = greatest(c.trashed_clock, w.trashed_clock),
    trashed_at = case
      when w.trashed_clock > c.trashed_clock then case when w.trashed then coalesce(c.trashed_at, received) end
      else c.trashed_at end
  from (
    select o.id, head + row_number() over (order by o.ord) as seq,
      o.fields #>> '{title,0}' as title, o.title_clock,
      (o.fields #>> '{trashed,0}')::boolean as trashed, o.trashed_clock
    from (
      select u.*, (u.fields #>> '{title,1}')::atlas.clock as title_clock,
        (u.fields #>> '{trashed,1}')::atlas.clock as trashed_clock
      from unnest(ops) u
      where u.kind = 'conversation' and not u.purge and u.refused is null and u.gone is null and not u.fresh
    ) o
    join atlas.conversations k on k.user_id = me and k.id = o.id
    where o.title_clock > k.title_clock or o.trashed_clock > k.trashed_clock
  ) w
  where c.user_id = me and c.id = w.id;
  get diagnostics taken = row_count;
  head := head + taken;

  insert into atlas.conversations (
    user_id, id, seq, origin, title, title_clock, trashed, trashed_clock, trashed_at, activity, active_at, first_seq,
    created_at
  )
  select me, w.id, w.seq, w.origin,
    coalesce(w.fields #>> '{title,0}', ''), coalesce((w.fields #>> '{title,1}')::atlas.clock, never),
    w.trashed, coalesce((w.fields #>> '{trashed,1}')::atlas.clock, never), case when w.trashed then received end,
    w.seq, received, w.seq, received
  from (
    select o.*, head + row_number() over (order by o.ord) as seq,
      coalesce((o.fields #>> '{trashed,0}')::boolean, false) as trashed
    from unnest(ops) o
    where o.kind = 'conversation' and not o.purge and o.refused is null and o.gone is null and o.fresh
  ) w;
  get diagnostics taken = row_count;
  head := head + taken;
end
$$;
comment on function atlas.apply_conversations(uuid, timestamptz, atlas.op[], bigint) is
  'Sets each field whose clock is above the stored one, makes what does not exist; gives the new head.';
revoke all on function atlas.apply_conversations(uuid, timestamptz, atlas.op[], bigint)
from public, anon, authenticated, service_role;
grant execute on function atlas.apply_conversations(uuid, timestamptz, atlas.op[], bigint) to atlas_api;
