-- The same rows in plain tables, read and written by one call each: as little as a server can do for a signed-in user.
create schema raw;

create table raw.conversations (
  user_id uuid not null,
  id uuid not null,
  seq bigint not null,
  title text not null,
  preview text not null,
  count integer not null,
  at bigint not null,
  primary key (user_id, id)
);

create table raw.messages (
  user_id uuid not null,
  id uuid not null,
  seq bigint not null,
  conversation uuid not null,
  role text not null,
  parent uuid,
  text text not null,
  clock text not null,
  pos bigint not null,
  at bigint not null,
  primary key (user_id, id)
);
create index on raw.messages (user_id, conversation, pos);

create sequence raw.seq;

create function raw.caller() returns uuid
language sql stable
as $$
  select (current_setting('request.jwt.claims')::jsonb ->> 'sub')::uuid
$$;

create function public.raw_read() returns json
language sql stable security definer set search_path = ''
as $$
  select json_build_object('cursor', null, 'changes', (
    select coalesce(json_agg(r.row), '[]') from (
      select row_to_json(c) as row from (
        select 'conversation' as kind, id, seq, title, preview, count, at
        from raw.conversations where user_id = (select raw.caller())) c
      union all
      select row_to_json(m) from (
        select 'message' as kind, id, seq, conversation, role, parent, text, clock, pos, at
        from raw.messages where user_id = (select raw.caller())) m) r))
$$;

create function public.raw_write(messages json) returns json
language sql security definer set search_path = ''
as $$
  with written as (
    insert into raw.messages (user_id, id, seq, conversation, role, parent, text, clock, pos, at)
    select raw.caller(), m.id, s.seq, m.conversation, 'user', m.parent, m.text, m.clock, s.seq,
      (extract(epoch from now()) * 1000)::bigint
    from json_to_recordset(messages) as m (id uuid, conversation uuid, parent uuid, text text, clock text),
      lateral (select nextval('raw.seq') as seq where m.id is not null) s
    on conflict do nothing
    returning id, seq, at
  )
  select coalesce(json_agg(w), '[]') from written w
$$;

revoke all on function public.raw_read(), public.raw_write(json) from public, anon;
-- For the bench: takes rows as they come over the wire.
create function raw.fill(owner uuid, rows json) returns void
language sql
as $$
  insert into raw.conversations (user_id, id, seq, title, preview, count, at)
  select owner, c.id, c.seq, c.title, c.preview, c.count, c.at
  from json_to_recordset(rows) as c (kind text, id uuid, seq bigint, title text, preview text, count integer, at bigint)
  where c.kind = 'conversation';
  insert into raw.messages (user_id, id, seq, conversation, role, parent, text, clock, pos, at)
  select owner, m.id, m.seq, m.conversation, m.role, m.parent, m.text, m.clocks ->> 'text', m.pos, m.at
  from json_to_recordset(rows) as m (
    kind text, id uuid, seq bigint, conversation uuid, role text, parent uuid, text text, clocks json, pos bigint, at bigint)
  where m.kind = 'message';
$$;

grant execute on function public.raw_read(), public.raw_write(json) to authenticated;
