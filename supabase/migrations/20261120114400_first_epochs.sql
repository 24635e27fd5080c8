-- A device of the epoch in which its account was made knows nothing of before: no beginning of that epoch limits what it
-- and the server have in common. 2^53 - 1 says so; with 0 it would offer all it has after the first restore.

create or replace function atlas.epochs_of(me uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object('epoch', l.epoch, 'from', coalesce(l.restored,
    case when l.place = l.came then 9007199254740991 else l.from_seq end)) order by l.place)
  from (
    select e.epoch, e.place, e.from_seq, r.seq as restored, max(e.place) filter (where r.seq is null) over () as came
    from atlas.epochs e left join atlas.restored_heads r on r.user_id = me and r.epoch = e.epoch
  ) l
$$;
comment on function atlas.epochs_of(uuid) is
  'Every epoch there was, oldest first, with the seq that the data of this user began from; 2^53 - 1 for the one in which he came.';
