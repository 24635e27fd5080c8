create function atlas.history(request jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid;
  account record;
  found_rows jsonb;
  most integer;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to read a conversation.');
  end if;
  if coalesce(jsonb_typeof(request), '') <> 'object' or not coalesce(
    atlas.is_id(request -> 'conversation')
    and (request -> 'before' = 'null'::jsonb or atlas.is_whole(request -> 'before', 0, 9007199254740991))
    and atlas.is_whole(request -> 'limit', 1, 1000000000), false) then
    return atlas.refuse(400, 'bad-request', 'history: conversation, before (a pos or null), limit');
  end if;
  select h.seq, s.epoch into account from atlas.heads h cross join atlas.state s where h.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  most := least((request ->> 'limit')::numeric, 1000)::integer;
  select coalesce(jsonb_agg(m.stored order by m.pos desc), '[]') into found_rows
  from atlas.messages_before(me, (request ->> 'conversation')::uuid,
    coalesce((request ->> 'before')::numeric::bigint, 9223372036854775807), most + 1) m;
  return atlas.answer('history', account.epoch, jsonb_build_object(
    'seq', account.seq, 'rows', case when jsonb_array_length(found_rows) > most then found_rows - most else found_rows end,
    'more', jsonb_array_length(found_rows) > most));
end
$$;
comment on function atlas.history(jsonb) is
  'The messages of one conversation below a place, newest first, at most 1,000; on every tier. docs/protocol.md is its contract.';

grant create on schema atlas to atlas_api;
alter function atlas.history(jsonb) owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.history(jsonb) set schema public;
revoke all on function public.history(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.history(jsonb) to authenticated;
