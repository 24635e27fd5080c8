create function atlas.differs(stored jsonb, made jsonb, fields jsonb) returns jsonb
language sql immutable
as $$
  select coalesce(jsonb_object_agg(p.key, p.value), '{}')
  from (
    select r.key, r.value
    from jsonb_each(stored - array['kind', 'id', 'seq', 'clocks']) r
    where r.value is distinct from coalesce(fields #> array[r.key, '0'], made -> r.key)
    union all
    select 'clocks', jsonb_object_agg(k.key, k.value)
    from jsonb_each(stored -> 'clocks') k
    where k.value is distinct from fields #> array[k.key, '1']
    having count(*) > 0
  ) p
$$;
comment on function atlas.differs(jsonb, jsonb, jsonb) is 'What of a row is not exactly what was sent.';

create function atlas.results_of(me uuid, ops atlas.op[]) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_agg(
    case
      when o.refused is not null then jsonb_build_object('id', o.id, 'is', 'refused', 'code', o.refused)
      when o.gone is not null then jsonb_build_object('id', o.id, 'is', 'gone', 'seq', o.gone)
      else jsonb_build_object(
        'id', o.id, 'is', 'stored', 'seq', s.stored -> 'seq', 'differs', atlas.differs(s.stored, o.made, o.fields))
    end order by o.ord)
  from unnest(ops) o
  left join lateral (
    select atlas.conversation_row(c) as stored from atlas.conversations c
    where o.kind = 'conversation' and c.user_id = me and c.id = o.id
    union all
    select atlas.message_row(m) from atlas.messages m
    where o.kind = 'message' and m.user_id = me and m.id = o.id
  ) s on o.refused is null and o.gone is null
$$;
comment on function atlas.results_of(uuid, atlas.op[]) is 'What became of each op, by the rows as they stand now.';

create function atlas.push(me uuid, sent jsonb, inout head bigint, out results jsonb)
language plpgsql set search_path = ''
as $$
declare
  ops atlas.op[] := atlas.read_ops(sent);
  received timestamptz := clock_timestamp();
  before constant bigint := head;
begin
  head := atlas.apply_purges(me, ops, head);
  ops := atlas.judge_ops(me, ops);
  if exists (select from unnest(ops) o where o.kind = 'conversation' and not o.purge) then
    head := atlas.apply_conversations(me, received, ops, head);
  end if;
  if exists (select from unnest(ops) o where o.kind = 'message' and not o.purge) then
    ops := atlas.judge_messages(me, ops);
    head := atlas.apply_messages(me, received, ops, head);
  end if;
  if head > before then
    update atlas.heads h set seq = push.head where h.user_id = me;
  end if;
  results := atlas.results_of(me, ops);
end
$$;
comment on function atlas.push(uuid, jsonb, bigint) is
  'Applies the ops of a request. Whoever calls holds the lock on the head row of this user and gives its seq.';

revoke all on function
  atlas.differs(jsonb, jsonb, jsonb), atlas.results_of(uuid, atlas.op[]), atlas.push(uuid, jsonb, bigint)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.differs(jsonb, jsonb, jsonb), atlas.results_of(uuid, atlas.op[]), atlas.push(uuid, jsonb, bigint)
to atlas_api;
