create table atlas.messages (
  user_id uuid not null,
  id uuid not null,
  seq bigint not null check (seq > 0),
  origin text not null check (origin in ('live', 'import', 'backfill')),
  conversation uuid not null,
  role text not null check (role in ('user', 'assistant')),
  parent uuid,
  attempt integer not null check (attempt between 0 and 1000),
  text text not null,
  text_clock atlas.clock not null,
  pos bigint not null,
  received_at timestamptz not null,
  primary key (user_id, id),
  foreign key (user_id, conversation) references atlas.conversations (user_id, id) on delete cascade
);
create index messages_by_seq on atlas.messages (user_id, seq);
create index messages_by_place on atlas.messages (user_id, conversation, pos);

comment on table atlas.messages is 'Messages. Their text has a clock; the rest is fixed when they are made.';
comment on column atlas.messages.pos is 'Place in the conversation: the seq at insert, not changed by edits.';
comment on column atlas.messages.parent is 'The message it follows; branches of a conversation have the same parent.';
comment on column atlas.messages.attempt is 'Which try at an answer this is; 0 for what people write.';

alter table atlas.messages enable row level security;
alter table atlas.messages force row level security;
revoke all on atlas.messages from public, anon, authenticated, service_role;

grant select, insert, update, delete on atlas.messages to atlas_api;
create policy "sync handles its user's messages" on atlas.messages to atlas_api
  using (user_id = (select atlas.caller()));

create function atlas.message_row(m atlas.messages) returns jsonb
language sql immutable
as $$
  select jsonb_build_object(
    'kind', 'message', 'id', m.id, 'seq', m.seq,
    'clocks', jsonb_build_object('text', m.text_clock),
    'conversation', m.conversation, 'role', m.role, 'parent', m.parent, 'attempt', m.attempt,
    'text', m.text,
    'pos', m.pos, 'at', atlas.ms(m.received_at)
  )
$$;
comment on function atlas.message_row(atlas.messages) is 'A message as the wire says it.';

create function atlas.preview(said text) returns text
language sql immutable
as $$
  select rtrim(left(regexp_replace(left(ltrim(said, E' \t\r\n'), 1200), '\s+', ' ', 'g'), 120))
$$;
comment on function atlas.preview(text) is 'The beginning of a message on one line of at most 120 characters.';

revoke all on function atlas.message_row(atlas.messages), atlas.preview(text) from public, anon, authenticated, service_role;
grant execute on function atlas.message_row(atlas.messages), atlas.preview(text) to atlas_api;
