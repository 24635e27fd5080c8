-- The same schema with messages in one table, and the reads of it as they would be written for that: planned once a session.
create table atlas.messages_in_one (like atlas.messages including all);
alter table atlas.messages_in_one enable row level security;
alter table atlas.messages_in_one force row level security;
grant select on atlas.messages_in_one to atlas_api;
create policy "sync reads its user's messages" on atlas.messages_in_one for select to atlas_api
  using (user_id = (select atlas.caller()));
alter table atlas.messages rename to messages_in_parts;
alter table atlas.messages_in_one rename to messages;

create or replace function atlas.messages_of(months date[]) returns text
language sql immutable
as $$
  select 'select * from atlas.messages'
$$;
