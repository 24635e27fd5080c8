create table atlas.epochs (
  epoch text primary key default replace(gen_random_uuid()::text, '-', ''),
  place integer not null unique generated always as identity,
  from_seq bigint not null check (from_seq >= 0),
  opened_at timestamptz not null default now()
);
comment on table atlas.epochs is
  'The lives of this data: a restore from backup opens a new one, the highest place is the current one.';
comment on column atlas.epochs.from_seq is 'The seq that the data of this life began from.';

insert into atlas.epochs (from_seq) values (0);

alter table atlas.epochs enable row level security;
alter table atlas.epochs force row level security;
revoke all on atlas.epochs from public, anon, authenticated, service_role;

grant select on atlas.epochs to atlas_api;
create policy "sync reads every epoch" on atlas.epochs for select to atlas_api using (true);
