grant select on atlas.daily_usage to atlas_api;
create policy "export reads its user's usage" on atlas.daily_usage for select to atlas_api
  using (user_id = (select atlas.caller()));

create function atlas.export_account(request jsonb default '{}') returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid;
  after bigint;
  account record;
  page record;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to export.');
  end if;
  if coalesce(jsonb_typeof(request), '') <> 'object'
    or request ? 'after' and not atlas.is_whole(request -> 'after', 0, 9007199254740991) then
    return atlas.refuse(400, 'bad-request', 'after: the next of the page before, or nothing');
  end if;
  after := coalesce((request ->> 'after')::numeric::bigint, 0);
  select h.seq, h.tier, p.created_at, s.epoch into account
  from atlas.heads h join atlas.profiles p on p.user_id = h.user_id cross join atlas.state s
  where h.user_id = me;
  if not found then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  select p.stand, p.changes, p.more into page
  from atlas.pull(me, account.seq, 1000, '[]', jsonb_build_object('seq', after, 'floor', null)) p;
  return atlas.answer('export', account.epoch, jsonb_build_object(
    'rows', (select coalesce(jsonb_agg(r.entity), '[]') from jsonb_array_elements(page.changes) as r (entity)
      where not r.entity ? 'gone'),
    'next', case when page.more then page.stand -> 'seq' end)
    || case when after > 0 then '{}' else jsonb_build_object('account', jsonb_build_object(
      'tier', account.tier, 'since', atlas.ms(account.created_at),
      'devices', (
        select coalesce(jsonb_agg(jsonb_build_object('device', d.device, 'firstSeen', atlas.ms(d.first_seen),
          'lastSeen', atlas.ms(d.last_seen)) order by d.first_seen), '[]')
        from atlas.devices d where d.user_id = me),
      'usage', (
        select coalesce(jsonb_agg(jsonb_build_object('day', u.day, 'messages', u.messages, 'answers', u.answers,
          'tokens', u.tokens) order by u.day), '[]')
        from atlas.daily_usage u where u.user_id = me))) end);
end
$$;
comment on function atlas.export_account(jsonb) is
  'Everything of a user in pages, oldest change first; each names where the next begins. On every tier.';

grant create on schema atlas to atlas_api;
alter function atlas.export_account(jsonb) owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.export_account(jsonb) set schema public;
revoke all on function public.export_account(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.export_account(jsonb) to authenticated;
