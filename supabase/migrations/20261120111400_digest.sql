create function atlas.digest_of(me uuid) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  answer jsonb;
begin
  -- One statement, so that head and rows are of one moment.
  execute format(
    'with line as (
       select c.id, c.id || '' '' || c.title_clock || '' '' || c.trashed_clock || chr(10) as said
       from atlas.conversations c where c.user_id = $1
       union all
       select m.id, m.id || '' '' || m.text_clock || chr(10) from (%s) m where m.user_id = $1
     ),
     bucket as (
       select right(l.id::text, 2) as name, count(*) as entities,
         encode(sha256(convert_to(string_agg(l.said, '''' order by l.id), ''UTF8'')), ''hex'') as hash
       from line l group by 1
     )
     select jsonb_build_object(
       ''seq'', (select h.seq from atlas.heads h where h.user_id = $1),
       ''count'', coalesce(sum(b.entities), 0),
       ''hash'', encode(sha256(convert_to(coalesce(string_agg(b.name || b.hash, '''' order by b.name), ''''), ''UTF8'')), ''hex''),
       ''buckets'', coalesce(jsonb_object_agg(b.name, left(b.hash, 16)), ''{}''))
     from bucket b',
    coalesce(atlas.messages_of((select array_agg(d.month) from atlas.months d where d.user_id = me)),
      'select * from atlas.messages where false'))
  into answer using me;
  return answer;
end
$$;
comment on function atlas.digest_of(uuid) is
  'Count, highest seq and a hash over ids and clocks of everything a user has; docs/protocol.md says how a device gets the same.';

create function atlas.digest() returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid;
  epoch text;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to compare.');
  end if;
  select s.epoch into epoch from atlas.heads h cross join atlas.state s where h.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  return atlas.answer('digest', epoch, atlas.digest_of(me));
end
$$;
comment on function atlas.digest() is 'What a device compares its own rows with.';

revoke all on function atlas.digest_of(uuid) from public, anon, authenticated, service_role;
grant execute on function atlas.digest_of(uuid) to atlas_api;
grant create on schema atlas to atlas_api;
alter function atlas.digest() owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.digest() set schema public;
revoke all on function public.digest() from public, anon, authenticated, service_role;
grant execute on function public.digest() to authenticated;
