create function atlas.judge_ops(me uuid, ops atlas.op[]) returns atlas.op[]
language sql stable set search_path = ''
as $$
  select array_agg(row(
    o.ord, o.kind, o.id, o.origin, o.purge, o.made, o.fields,
    case when o.refused is null and t.seq is null and (
      (o.kind <> 'conversation' and c.id is not null) or (o.kind <> 'message' and m.id is not null)
    ) then 'bad-op' else o.refused end,
    t.seq,
    c.id is null and m.id is null)::atlas.op order by o.ord)
  from unnest(ops) o
  left join atlas.tombstones t on t.user_id = me and t.id = o.id
  left join atlas.conversations c on c.user_id = me and c.id = o.id
  left join atlas.messages m on m.user_id = me and m.id = o.id
$$;
comment on function atlas.judge_ops(uuid, atlas.op[]) is
  'The ops with what the stored rows say of them: a tombstone beats everything, an identifier is of one kind for ever.';
revoke all on function atlas.judge_ops(uuid, atlas.op[]) from public, anon, authenticated, service_role;
grant execute on function atlas.judge_ops(uuid, atlas.op[]) to atlas_api;
