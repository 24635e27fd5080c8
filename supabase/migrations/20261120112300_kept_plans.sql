-- In plpgsql, which keeps plans for the session; PostgreSQL before 18 plans functions in sql at every call that it cannot
-- take into the query.

create or replace function atlas.has_op_shape(op jsonb) returns boolean
language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(
    jsonb_typeof(op) = 'object'
    and jsonb_typeof(op -> 'kind') = 'string'
    and atlas.is_id(op -> 'id')
    and op ->> 'origin' in ('live', 'import', 'backfill')
    and case
      when op ? 'purge' then op -> 'purge' = 'true'::jsonb
      when jsonb_typeof(op -> 'made') = 'object' and jsonb_typeof(op -> 'set') = 'object' then
        not exists (select from jsonb_each(op -> 'set') f where not atlas.is_written_field(f.value))
      else false end,
    false);
end
$$;

create or replace function atlas.highest_clock(ops jsonb) returns atlas.clock
language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select max((f.value ->> 1)::atlas.clock)
    from jsonb_array_elements(ops) as o (op), jsonb_each(o.op -> 'set') f
  );
end
$$;

create or replace function atlas.differs(stored jsonb, made jsonb, fields jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  return (
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
  );
end
$$;

create or replace function atlas.see_device(me uuid, seen text) returns void
language plpgsql set search_path = ''
as $$
begin
  insert into atlas.devices (user_id, device) values (me, seen)
  on conflict (user_id, device) do update set last_seen = now();
end
$$;
