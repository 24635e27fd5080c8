create table atlas.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  tier text not null references atlas.tiers (tier),
  created_at timestamptz not null default now()
);
comment on table atlas.profiles is 'A user of Atlas; made with the account, gone with it, never made by sync.';

-- Everything else of a user hangs on this row and not on the profile: whoever writes has locked it already,
-- so that writing and deleting an account wait for each other instead of for themselves.
create table atlas.heads (
  user_id uuid primary key references atlas.profiles (user_id) on delete cascade,
  seq bigint not null default 0 check (seq >= 0)
);
comment on table atlas.heads is
  'The highest seq of a user. Whoever changes a row of his locks this one first and keeps it locked until commit.';

create function atlas.open_account() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into atlas.profiles (user_id, tier) select new.id, s.default_tier from atlas.settings s;
  insert into atlas.heads (user_id) values (new.id);
  return null;
end
$$;
comment on function atlas.open_account() is 'Makes the profile of a new account, on the tier that the operator chose.';
revoke all on function atlas.open_account() from public, anon, authenticated, service_role;

create trigger atlas_open_account after insert on auth.users
for each row execute function atlas.open_account();

insert into atlas.profiles (user_id, tier) select u.id, s.default_tier from auth.users u cross join atlas.settings s;
insert into atlas.heads (user_id) select p.user_id from atlas.profiles p;

alter table atlas.profiles enable row level security;
alter table atlas.profiles force row level security;
alter table atlas.heads enable row level security;
alter table atlas.heads force row level security;
revoke all on atlas.profiles, atlas.heads from public, anon, authenticated, service_role;

grant select on atlas.profiles to atlas_api;
grant select, update on atlas.heads to atlas_api;
create policy "sync reads its user's profile" on atlas.profiles for select to atlas_api
  using (user_id = (select atlas.caller()));
create policy "sync reads its user's head" on atlas.heads for select to atlas_api
  using (user_id = (select atlas.caller()));
create policy "sync moves its user's head" on atlas.heads for update to atlas_api
  using (user_id = (select atlas.caller()));
