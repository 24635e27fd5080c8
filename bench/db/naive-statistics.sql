-- What ours does with every push, as it is usually built: statistics by a function that is called for each row, and a limit
-- by a row for each user and minute that every request counts itself in.
create table naive.usage_logs (
  user_id uuid not null,
  message_id uuid not null,
  used_at timestamptz not null,
  role text not null,
  primary key (user_id, message_id)
);

create table naive.daily_usage (
  user_id uuid not null references naive.profiles (user_id),
  day date not null,
  messages integer not null,
  primary key (user_id, day)
);

create table naive.request_counts (
  user_id uuid not null references naive.profiles (user_id),
  minute timestamptz not null,
  requests integer not null,
  primary key (user_id, minute)
);

alter table naive.usage_logs enable row level security;
alter table naive.daily_usage enable row level security;
alter table naive.request_counts enable row level security;
create policy own on naive.usage_logs to authenticated using (user_id = (select naive.caller()));
create policy own on naive.daily_usage to authenticated using (user_id = (select naive.caller()));
create policy own on naive.request_counts to authenticated using (user_id = (select naive.caller()));

-- Each message is usage once, however often it is sent.
create function naive.count_message() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into naive.usage_logs (user_id, message_id, used_at, role) values (new.user_id, new.id, now(), new.role)
  on conflict do nothing;
  if found then
    insert into naive.daily_usage as d (user_id, day, messages) values (new.user_id, (now() at time zone 'UTC')::date, 1)
    on conflict (user_id, day) do update set messages = d.messages + 1;
  end if;
  update naive.conversations c set
    message_count = c.message_count + 1, last_message_preview = left(new.text, 120), updated_at = now()
  where c.id = new.conversation_id;
  return null;
end
$$;

create trigger count_message after insert on naive.messages for each row execute function naive.count_message();

create function naive.count_request() returns void
language plpgsql security definer set search_path = ''
as $$
declare
  requests integer;
begin
  insert into naive.request_counts as r (user_id, minute, requests) values (naive.caller(), date_trunc('minute', now()), 1)
  on conflict (user_id, minute) do update set requests = r.requests + 1
  returning r.requests into requests;
  if requests > 1000000 then
    raise sqlstate 'PT429';
  end if;
end
$$;

create or replace function naive.save_message(sent json) returns json
language plpgsql
as $$
declare
  saved naive.messages;
begin
  perform naive.count_request();
  insert into naive.messages (id, conversation_id, user_id, role, text, created_at, updated_at)
  values (
    (sent ->> 'id')::uuid, (sent ->> 'conversation_id')::uuid, naive.caller(), sent ->> 'role', sent ->> 'text',
    (sent ->> 'created_at')::timestamptz, now())
  on conflict (id, created_at) do update set text = excluded.text, updated_at = excluded.updated_at
  returning * into saved;
  return row_to_json(saved);
end
$$;
