create table atlas.devices (
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  device text not null check (device ~ '^[0-9a-z]{12}$'),
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  primary key (user_id, device)
);
comment on table atlas.devices is 'Devices of a user. last_seen moves with what a device writes, else once a day.';

alter table atlas.devices enable row level security;
alter table atlas.devices force row level security;
revoke all on atlas.devices from public, anon, authenticated, service_role;

grant select, insert, update on atlas.devices to atlas_api;
create policy "sync handles its user's devices" on atlas.devices to atlas_api
  using (user_id = (select atlas.caller()));
