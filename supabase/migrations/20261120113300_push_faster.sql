-- What most pushes have no need of is left out: edits where there are none.

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
    if exists (select from unnest(ops) o where o.kind = 'message' and not o.purge and not o.fresh) then
      select e.ops, e.head into ops, head from atlas.edit_messages(me, ops, head) e;
    end if;
    select a.ops, a.head into ops, head from atlas.add_messages(me, received, ops, head) a;
  end if;
  results := atlas.results_of(me, ops);
  perform set_config('atlas.writing', '', true);
end
$$;
