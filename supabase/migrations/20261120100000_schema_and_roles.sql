-- Tables live in a schema that the API does not expose; clients reach only public.sync, which runs as atlas_api.
-- Row level security applies to that role, so that a mistake in it cannot reach another user's rows.

do $$
declare
  missing text;
begin
  -- Supabase has the first three from the start; an embedded one makes them at its first request, after migrations.
  for missing in
    select wanted.name
    from unnest(array['anon', 'authenticated', 'service_role', 'atlas_api']) as wanted (name)
    where not exists (select from pg_catalog.pg_roles r where r.rolname = wanted.name)
  loop
    execute format('create role %I nologin %s', missing, case missing when 'service_role' then 'bypassrls' else '' end);
  end loop;
end
$$;

-- Who is no superuser may give functions only to a role he belongs to.
grant atlas_api to current_user;

create schema atlas;
comment on schema atlas is 'The data of Atlas. Not exposed by the API: clients call public.sync.';
revoke all on schema atlas from public;
grant usage on schema atlas to atlas_api;

create domain atlas.clock as text collate "C"
  check (value ~ '^[0-9]{15}\.[0-9]{4}\.[0-9a-z]{12}$');
comment on domain atlas.clock is
  'When a field was written: milliseconds, a counter, the device. The higher one wins; comparing bytes compares clocks.';

create function atlas.caller() returns uuid
language sql stable
as $$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
$$;
comment on function atlas.caller() is
  'The user whose token the request carries. Reads the claims themselves: auth.uid() is not reachable everywhere.';

create function atlas.ms(moment timestamptz) returns bigint
language sql immutable
as $$
  select floor(extract(epoch from moment) * 1000)::bigint
$$;
comment on function atlas.ms(timestamptz) is 'A moment as the wire says it: milliseconds since 1970.';

revoke all on function atlas.caller(), atlas.ms(timestamptz) from public, anon, authenticated, service_role;
grant execute on function atlas.caller(), atlas.ms(timestamptz) to atlas_api;
