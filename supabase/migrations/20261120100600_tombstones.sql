create table atlas.tombstones (
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  id uuid not null,
  kind text not null,
  seq bigint not null check (seq > 0),
  primary key (user_id, id)
);
create unique index tombstones_by_seq on atlas.tombstones (user_id, seq);

comment on table atlas.tombstones is
  'What is gone for good, kept as long as the account. That of a conversation covers its messages.';

alter table atlas.tombstones enable row level security;
alter table atlas.tombstones force row level security;
revoke all on atlas.tombstones from public, anon, authenticated, service_role;

-- No update and no delete: nothing purged comes back.
grant select, insert on atlas.tombstones to atlas_api;
create policy "sync reads its user's tombstones" on atlas.tombstones for select to atlas_api
  using (user_id = (select atlas.caller()));
create policy "sync makes its user's tombstones" on atlas.tombstones for insert to atlas_api
  with check (user_id = (select atlas.caller()));
