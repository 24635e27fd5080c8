-- What a hosted Supabase project has before the first migration, as far as Atlas can notice it.
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role supabase_auth_admin nologin noinherit createrole;
-- The role that applies migrations: no superuser.
create role project_owner login nosuperuser createdb createrole replication bypassrls;

do $$ begin execute format('alter database %I owner to project_owner', current_database()); end $$;
grant usage, create on schema public to project_owner;
grant usage on schema public to anon, authenticated, service_role;

create schema auth authorization supabase_auth_admin;
create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email varchar(255) unique,
  created_at timestamptz default now()
);
alter table auth.users owner to supabase_auth_admin;
alter table auth.users enable row level security;
grant usage on schema auth to project_owner, anon, authenticated, service_role;
grant select, references, trigger on auth.users to project_owner;

-- Whatever the migration role makes in public is open to every API role, unless the migration revokes it.
alter default privileges for role project_owner in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public grant all on sequences to anon, authenticated, service_role;
