-- How it is usually built: rows with updated_at, one request per list. Indexed and guarded as it should be.
create schema naive;

create function naive.caller() returns uuid
language sql stable
as $$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
$$;

create table naive.profiles (
  user_id uuid primary key,
  tier text not null,
  updated_at timestamptz not null
);

create table naive.deletions (
  user_id uuid not null references naive.profiles (user_id),
  id uuid not null,
  deleted_at timestamptz not null,
  primary key (user_id, id)
);
create index on naive.deletions (user_id, deleted_at);

create table naive.conversations (
  id uuid primary key,
  user_id uuid not null references naive.profiles (user_id),
  title text not null,
  message_count integer not null,
  last_message_preview text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index on naive.conversations (user_id, updated_at);

create table naive.messages (
  id uuid not null,
  conversation_id uuid not null references naive.conversations (id),
  user_id uuid not null,
  role text not null,
  text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (id, created_at)
) partition by range (created_at);
create index on naive.messages (user_id, updated_at);
create index on naive.messages (conversation_id, created_at);

alter table naive.profiles enable row level security;
alter table naive.deletions enable row level security;
alter table naive.conversations enable row level security;
alter table naive.messages enable row level security;
create policy own on naive.profiles to authenticated using (user_id = (select naive.caller()));
create policy own on naive.deletions to authenticated using (user_id = (select naive.caller()));
create policy own on naive.conversations to authenticated using (user_id = (select naive.caller()));
create policy own on naive.messages to authenticated using (user_id = (select naive.caller()));
grant usage on schema naive to authenticated;
grant select, insert, update on all tables in schema naive to authenticated;

-- Request 1 of the delta.
create function naive.changed_conversations(since timestamptz) returns json
language plpgsql stable
as $$
begin
  return (select coalesce(json_agg(c), '[]') from naive.conversations c where c.updated_at > since);
end
$$;

-- Request 2.
create function naive.changed_messages(since timestamptz) returns json
language plpgsql stable
as $$
begin
  return (select coalesce(json_agg(m), '[]') from naive.messages m where m.updated_at > since);
end
$$;

-- Request 3.
create function naive.changed_account(since timestamptz) returns json
language plpgsql stable
as $$
begin
  return json_build_object(
    'profile', (select row_to_json(p) from naive.profiles p where p.updated_at > since),
    'deleted', (select coalesce(json_agg(d.id), '[]') from naive.deletions d where d.deleted_at > since));
end
$$;

-- The full sync: the list, then the messages of each conversation.
create function naive.all_conversations() returns json
language plpgsql stable
as $$
begin
  return (select coalesce(json_agg(c order by c.updated_at desc), '[]') from naive.conversations c);
end
$$;

create function naive.messages_of(conversation uuid) returns json
language plpgsql stable
as $$
begin
  return (
    select coalesce(json_agg(m order by m.created_at), '[]') from naive.messages m where m.conversation_id = conversation);
end
$$;

-- Writing: one request for each message, one for its conversation.
create function naive.save_message(sent json) returns json
language plpgsql
as $$
declare
  saved naive.messages;
begin
  insert into naive.messages (id, conversation_id, user_id, role, text, created_at, updated_at)
  values (
    (sent ->> 'id')::uuid, (sent ->> 'conversation_id')::uuid, naive.caller(), sent ->> 'role', sent ->> 'text',
    (sent ->> 'created_at')::timestamptz, now())
  on conflict (id, created_at) do update set text = excluded.text, updated_at = excluded.updated_at
  returning * into saved;
  return row_to_json(saved);
end
$$;

create function naive.save_conversation(sent json) returns json
language plpgsql
as $$
declare
  saved naive.conversations;
begin
  update naive.conversations c set
    message_count = c.message_count + (sent ->> 'added')::integer,
    last_message_preview = sent ->> 'preview',
    updated_at = now()
  where c.id = (sent ->> 'id')::uuid
  returning * into saved;
  return row_to_json(saved);
end
$$;
