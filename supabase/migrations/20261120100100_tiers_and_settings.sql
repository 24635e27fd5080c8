create table atlas.tiers (
  tier text primary key,
  cloud boolean not null,
  interval_seconds integer not null check (interval_seconds >= 1),
  max_ops integer not null check (max_ops >= 1),
  max_pull integer not null check (max_pull >= 1)
);
comment on table atlas.tiers is 'What each tier may do: whether it syncs, how often, and how much at once.';

insert into atlas.tiers (tier, cloud, interval_seconds, max_ops, max_pull)
values ('free', false, 60, 500, 5000), ('core', true, 60, 500, 5000), ('studio', true, 30, 500, 5000);

create table atlas.settings (
  only_row boolean primary key default true check (only_row),
  default_tier text not null default 'free' references atlas.tiers (tier)
);
comment on table atlas.settings is 'What the operator sets for everyone; one row.';

insert into atlas.settings default values;

alter table atlas.tiers enable row level security;
alter table atlas.tiers force row level security;
alter table atlas.settings enable row level security;
alter table atlas.settings force row level security;
revoke all on atlas.tiers, atlas.settings from public, anon, authenticated, service_role;

grant select on atlas.tiers to atlas_api;
create policy "sync reads every tier" on atlas.tiers for select to atlas_api using (true);
