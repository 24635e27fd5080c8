create function atlas.erase_account(who uuid) returns boolean
language plpgsql set search_path = ''
as $$
begin
  begin
    delete from auth.users u where u.id = who;
  exception when insufficient_privilege then
    -- Where only the sign-in service may do that: everything of ours, and the token is worth nothing here any more.
    delete from atlas.profiles p where p.user_id = who;
  end;
  return found;
end
$$;
comment on function atlas.erase_account(uuid) is 'Deletes an account with everything that hangs on it; false if there is none.';

create function public.delete_account() returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid;
begin
  begin
    me := atlas.caller();
  exception when invalid_text_representation then
    me := null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to delete the account.');
  end if;
  if not exists (select from atlas.profiles p where p.user_id = me) then
    return atlas.refuse(410, 'gone', 'This account was deleted.');
  end if;
  perform atlas.erase_account(me);
  return jsonb_build_object('is', 'deleted', 'time', atlas.ms(clock_timestamp()));
end
$$;
comment on function public.delete_account() is 'Deletes the account of the caller, with everything, for good.';

create function public.erase_account(email text) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  who uuid;
begin
  select u.id into who from auth.users u where lower(u.email) = lower(erase_account.email);
  return who is not null and atlas.erase_account(who);
end
$$;
comment on function public.erase_account(text) is
  'Deletes the account with this email, with everything, for good; false if there is none. For the operator.';

revoke all on function atlas.erase_account(uuid) from public, anon, authenticated, service_role;
revoke all on function public.delete_account(), public.erase_account(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_account() to authenticated;
grant execute on function public.erase_account(text) to service_role;
