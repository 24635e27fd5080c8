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

create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;
create function auth.uid() returns uuid language sql stable as $$ select nullif(auth.jwt() ->> 'sub', '')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;

create schema extensions;
create role supabase_realtime_admin nologin noinherit;
grant supabase_realtime_admin to project_owner;
create schema realtime authorization supabase_realtime_admin;
create table realtime.messages (
  topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
  inserted_at timestamp not null default now(), id uuid not null default gen_random_uuid()
);
alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql as $$
begin
  execute format('set local realtime.topic to %L', topic);
  insert into realtime.messages (payload, event, topic, private, extension)
  values (payload, event, topic, private, 'broadcast');
end
$$;
create function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '') $$;
grant usage on schema extensions, realtime to project_owner, anon, authenticated, service_role;
grant select, insert on realtime.messages to project_owner, anon, authenticated, service_role;

-- Where the server has pg_cron, it is switched on, and the migration role may use it as far as a hosted one may.
do $$
begin
  if current_setting('shared_preload_libraries') ~ 'pg_cron' then
    create extension pg_cron;
    grant usage on schema cron to project_owner with grant option;
    grant all on all functions in schema cron to project_owner with grant option;
    grant all on all tables in schema cron to project_owner with grant option;
    revoke all on cron.job from project_owner;
    grant select on cron.job to project_owner with grant option;
  end if;
end
$$;

-- Whatever the migration role makes in public is open to every API role, unless the migration revokes it.
alter default privileges for role project_owner in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges for role project_owner in schema public grant all on sequences to anon, authenticated, service_role;
