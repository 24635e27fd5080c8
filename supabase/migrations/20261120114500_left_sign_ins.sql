-- On a hosted project only the sign-in service may delete from auth.users. What is ours goes at once; who is left over
-- there is listed for the operator until it is gone there too.

create table atlas.left_sign_ins (
  user_id uuid primary key,
  deleted_at timestamptz not null default now()
);
comment on table atlas.left_sign_ins is
  'Accounts that were deleted and whose row in auth.users could not be: the operator deletes them there, and they leave this list.';
comment on column atlas.left_sign_ins.user_id is 'The user it belonged to.';
comment on column atlas.left_sign_ins.deleted_at is 'When the account was deleted.';
alter table atlas.left_sign_ins enable row level security;
alter table atlas.left_sign_ins force row level security;
revoke all on atlas.left_sign_ins from public, anon, authenticated, service_role;

create or replace function atlas.erase_account(who uuid) returns boolean
language plpgsql set search_path = ''
as $$
declare
  gone boolean;
begin
  begin
    delete from auth.users u where u.id = who;
    gone := found;
  exception when insufficient_privilege then
    gone := null;
  end;
  -- Row level security of auth.users may show a role nothing to delete and say nothing.
  if gone then
    return true;
  end if;
  delete from atlas.profiles p where p.user_id = who;
  if not found then
    return false;
  end if;
  -- He may have been deleted before and have come back, while the sign-in was left.
  insert into atlas.left_sign_ins (user_id) values (who) on conflict (user_id) do update set deleted_at = now();
  return true;
end
$$;
comment on function atlas.erase_account(uuid) is
  'Deletes an account with everything that hangs on it; false if there is none. What is left of it in auth.users is listed.';

create function atlas.forget_sign_in() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from atlas.left_sign_ins l where l.user_id = old.id;
  return null;
end
$$;
comment on function atlas.forget_sign_in() is 'Takes a sign-in off the list when it is deleted.';
create trigger atlas_forget_sign_in after delete on auth.users
for each row execute function atlas.forget_sign_in();

create function public.left_sign_ins() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select l.user_id from atlas.left_sign_ins l order by l.deleted_at, l.user_id
$$;
comment on function public.left_sign_ins() is
  'Users whose account was deleted and whose sign-in is still to be deleted. For the operator.';
revoke all on function atlas.forget_sign_in() from public, anon, authenticated, service_role;
revoke all on function public.left_sign_ins() from public, anon, authenticated;
grant execute on function public.left_sign_ins() to service_role;
