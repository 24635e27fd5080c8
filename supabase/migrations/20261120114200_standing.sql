alter table atlas.profiles add column status text not null default 'active' check (status in ('active', 'suspended'));
comment on column atlas.profiles.status is 'active, or suspended by the operator: nothing syncs then, and what is there can be read, exported and deleted.';
alter table atlas.heads add column suspended boolean not null default false;
comment on column atlas.heads.suspended is 'Whether the profile is suspended, copied.';

create or replace function atlas.copy_tier() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update atlas.heads h set tier = new.tier, suspended = new.status = 'suspended' where h.user_id = new.user_id;
  return null;
end
$$;
comment on function atlas.copy_tier() is 'Keeps tier and status of a profile in the head of its user.';
drop trigger copy_tier on atlas.profiles;
create trigger copy_tier after update of tier, status on atlas.profiles
for each row when (old.tier is distinct from new.tier or old.status is distinct from new.status) execute function atlas.copy_tier();

create function public.set_status(email text, status text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if status is null or status not in ('active', 'suspended') then
    raise exception 'There is no such status.' using errcode = 'invalid_parameter_value';
  end if;
  update atlas.profiles p set status = set_status.status
  from auth.users u
  where u.id = p.user_id and lower(u.email) = lower(set_status.email);
  return found;
end
$$;
comment on function public.set_status(text, text) is
  'Suspends the account with this email, or makes it active again; false if there is none. For the operator.';
revoke all on function public.set_status(text, text) from public, anon, authenticated;
grant execute on function public.set_status(text, text) to service_role;
